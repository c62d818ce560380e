export const dayMs = 86_400_000

/** What the exchanges of one access key's name that opened on one day (UTC) cost, in nano-dollars. */
export interface Account {
  /** As the ledger has it of other processes, and of this one's forerunners. */
  elsewhere: number
  /** `elsewhere` is no less: a store may have taken records of ours that it does not show yet. */
  leastElsewhere: number
  /** Of ours that have closed. */
  closed: number
  /** The part of `closed` that may not stand in the ledger yet. */
  unwritten: number
  /** Set aside for ours whose cost nobody will ever know. */
  unknown: number
  /** Set aside for ours that are open. */
  open: number
}

/** What has closed, as its record tells. */
export interface Charge {
  exchangeId: string
  /** The access key's name. */
  user: string | null
  openedAtMs: number
  /** Of the attempts whose cost is known. */
  nanoUsd: number
  /** A provider may have billed something that no record knows: what was set aside stays so. */
  mayBeMore: boolean
}

export interface Spent {
  user: string
  nanoUsd: number
}

interface Day {
  accounts: Map<string, Account>
  /** What the ledger has of it has been read, or there was nothing before. */
  isKnown: boolean
}

interface Hold {
  account: Account
  nanoUsd: number
}

/** Yesterday's is needed for what is still open, and no other. */
const daysKept = 2

/** What every access key has spent and set aside, by the day on which its exchanges opened. Knows no limit. */
export class DayAccounts {
  readonly #days = new Map<number, Day>()
  readonly #holds = new Map<string, Hold>()
  readonly #unwritten = new Map<string, Hold>()
  #newest: number

  constructor(nowMs: number) {
    this.#newest = dayOf(nowMs)
    this.#days.set(this.#newest, { accounts: new Map(), isKnown: false })
  }

  isKnown(atMs: number): boolean {
    return this.#dayAt(atMs).isKnown
  }

  /** Spent and set aside. */
  spent(user: string, atMs: number): number {
    return sumOf(this.#account(user, atMs))
  }

  /** What is set aside for an exchange. */
  held(exchangeId: string): number {
    return this.#holds.get(exchangeId)?.nanoUsd ?? 0
  }

  /** Sets aside at least this much. */
  hold(exchangeId: string, user: string, openedAtMs: number, nanoUsd: number): void {
    const { account, nanoUsd: held } = this.#holds.get(exchangeId) ?? {
      account: this.#account(user, openedAtMs),
      nanoUsd: 0,
    }
    const wanted = Math.max(held, nanoUsd)
    account.open += wanted - held
    this.#holds.set(exchangeId, { account, nanoUsd: wanted })
  }

  /** Holds at least this much for an exchange that holds something; false where that would be over the limit. */
  raise(exchangeId: string, toNanoUsd: number, limit: number): boolean {
    const hold = this.#holds.get(exchangeId)
    if (hold === undefined || hold.nanoUsd >= toNanoUsd) return true
    const more = toNanoUsd - hold.nanoUsd
    if (sumOf(hold.account) + more > limit) return false
    hold.nanoUsd += more
    hold.account.open += more
    return true
  }

  lower(exchangeId: string, toNanoUsd: number): void {
    const hold = this.#holds.get(exchangeId)
    if (hold === undefined || hold.nanoUsd <= toNanoUsd) return
    hold.account.open -= hold.nanoUsd - toNanoUsd
    hold.nanoUsd = toNanoUsd
  }

  /** The cost takes the place of what was set aside. */
  closed({ exchangeId, user, openedAtMs, nanoUsd, mayBeMore }: Charge): void {
    const hold = this.#holds.get(exchangeId)
    this.#holds.delete(exchangeId)
    if (hold) hold.account.open -= hold.nanoUsd
    if (user === null) return
    const account = hold?.account ?? this.#account(user, openedAtMs)
    if (mayBeMore) account.unknown += Math.max(0, (hold?.nanoUsd ?? 0) - nanoUsd)
    if (nanoUsd === 0) return
    account.closed += nanoUsd
    account.unwritten += nanoUsd
    this.#unwritten.set(exchangeId, { account, nanoUsd })
  }

  /** Their records stand in the ledger: what is read from it from now on has them. */
  written(records: readonly { id: string }[]): void {
    for (const { id } of records) {
      const one = this.#unwritten.get(id)
      if (one) one.account.unwritten -= one.nanoUsd
      this.#unwritten.delete(id)
    }
  }

  /**
   * To be called before the ledger is asked for a day: returns what takes the answer. What of ours is written in the
   * meantime counts twice until the next time, rather than not at all.
   */
  beginReading(atMs: number): (spent: readonly Spent[]) => void {
    const day = this.#dayAt(atMs)
    const ours = new Map([...day.accounts].map(([user, { closed, unwritten }]) => [user, closed - unwritten]))
    return (spent) => {
      for (const { user, nanoUsd } of spent) {
        const account = accountIn(day, user)
        account.leastElsewhere = Math.max(account.leastElsewhere, nanoUsd - account.closed)
        account.elsewhere = Math.max(account.leastElsewhere, nanoUsd - (ours.get(user) ?? 0))
      }
      day.isKnown = true
    }
  }

  #account(user: string, atMs: number): Account {
    return accountIn(this.#dayAt(atMs), user)
  }

  /** A day that begins while we look on has nothing before; one that comes back (a clock set right) may have. */
  #dayAt(atMs: number): Day {
    const number = dayOf(atMs)
    let day = this.#days.get(number)
    if (day === undefined) {
      day = { accounts: new Map(), isKnown: number > this.#newest }
      this.#days.set(number, day)
      this.#newest = Math.max(this.#newest, number)
      for (const old of this.#days.keys())
        if (old <= this.#newest - daysKept && old !== number) this.#days.delete(old)
    }
    return day
  }
}

export function dayOf(atMs: number): number {
  return Math.floor(atMs / dayMs)
}

function sumOf({ elsewhere, closed, unknown, open }: Account): number {
  return elsewhere + closed + unknown + open
}

function accountIn({ accounts }: Day, user: string): Account {
  let account = accounts.get(user)
  if (account === undefined) {
    account = { elsewhere: 0, leastElsewhere: 0, closed: 0, unwritten: 0, unknown: 0, open: 0 }
    accounts.set(user, account)
  }
  return account
}
