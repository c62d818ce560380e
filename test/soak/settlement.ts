import type { UsageRecord } from '../../src/usage/record/record.ts'
import type { BookLine } from '../usage/books/books.ts'
import type { Seen } from '../usage/books/client.ts'
import { differences } from '../usage/books/compare.ts'
import type { ExchangePlan, Part } from '../usage/books/plan.ts'
import { downBackend } from './soak-config.ts'
import type { SoakExchange } from './soak-exchange.ts'

interface Account {
  exchange: SoakExchange
  startedMs: number
  lines: BookLine[]
  seen: Seen | null
  endedMs: number | null
  record: UsageRecord | null
}

export interface Settled {
  byKind: Record<string, number>
  attempts: number
  nanoUsd: number
  byOutcome: Record<string, number>
  /** By how their tokens were counted. */
  byCount: Record<string, number>
}

/** A record is there, and a provider that was left has written its line, so long after the client's end at the latest. */
const settlesWithinMs = 30_000
/** Books of a provider that was left close a moment after the record. */
const linesWithinMs = 5_000

/** Brings together what each exchange's client saw, its providers wrote down and the ledger says; forgets what agrees. */
export class Settlement {
  readonly settled: Settled = { byKind: {}, attempts: 0, nanoUsd: 0, byOutcome: {}, byCount: {} }
  readonly #open = new Map<string, Account>()
  readonly #nowMs: () => number
  onMiss: (fault: string) => void = () => {}
  /** Nothing more will be asked about it. */
  onClose: (exchange: SoakExchange) => void = () => {}

  constructor(nowMs: () => number = Date.now) {
    this.#nowMs = nowMs
  }

  get open(): number {
    return this.#open.size
  }

  /** Of these, whose clients have not come to their end. */
  get living(): number {
    let living = 0
    for (const { endedMs } of this.#open.values()) if (endedMs === null) living++
    return living
  }

  /** Since when the oldest one is open. */
  get oldestMs(): number | null {
    const [oldest] = this.#open.values()
    return oldest?.startedMs ?? null
  }

  begin(exchange: SoakExchange): void {
    const account = { exchange, startedMs: this.#nowMs(), lines: [], seen: null, endedMs: null, record: null }
    this.#open.set(exchange.plan.id, account)
  }

  exchangeOf(id: string): SoakExchange | undefined {
    return this.#open.get(id)?.exchange
  }

  /** What a provider is to do when it is asked: as planned, or, where the proxy may choose, as this backend would. */
  partOf(id: string, backend: string, number: number): { plan: ExchangePlan; part: Part } | undefined {
    const exchange = this.#open.get(id)?.exchange
    const chosen = exchange?.partOf?.get(backend)
    if (chosen) exchange?.plan.parts.push(chosen)
    const part = chosen ?? exchange?.plan.parts[number - 1]
    return exchange && part && { plan: exchange.plan, part }
  }

  write(line: BookLine): void {
    const account = this.#open.get(line.exchange)
    if (account) account.lines.push(line)
    else this.onMiss(`a provider was asked for ${line.exchange}, which is not open`)
  }

  end(id: string, seen: Seen | null): void {
    const account = this.#open.get(id)
    if (!account) return
    if (seen === null || !account.exchange.isAdmitted)
      this.#close(account, seen === null ? 'failed' : undefined)
    else Object.assign(account, { seen, endedMs: this.#nowMs() })
  }

  /** Only records of open exchanges are of use. */
  take(records: readonly UsageRecord[]): void {
    for (const record of records) {
      const account = this.#open.get(record.tags.exchange ?? '')
      if (account?.record && account.record.id !== record.id)
        this.onMiss(`${account.exchange.plan.id} ${account.exchange.kind} has two records`)
      if (account) account.record = record
    }
  }

  /** Compares those of which everything is there. All records from `lookedMs` on back have been taken. */
  settle(lookedMs: number): void {
    const nowMs = this.#nowMs()
    for (const account of this.#open.values()) this.#settle(account, nowMs, lookedMs)
  }

  #settle(account: Account, nowMs: number, lookedMs: number): void {
    const { exchange, seen, endedMs, record, lines } = account
    if (endedMs === null || seen === null) return
    const name = `${exchange.plan.id} ${exchange.kind}`
    if (record === null) {
      if (lookedMs - endedMs < settlesWithinMs) return
      this.onMiss(`${name} has no record`)
      this.#close(account)
      return
    }
    const { reached, unreached } = withoutUnreached(record)
    if (lines.length < reached.attempts && nowMs - endedMs < linesWithinMs) return
    lines.sort((a, b) => a.number - b.number)
    const method = record.token_count_method ?? 'none'
    // The ledger waits 50 ms for counts and then says that it has none.
    const isCounted = exchange.isCounted && method !== 'bytes'
    for (const fault of differences(
      { ...exchange, isCounted, seen: readBy(exchange, seen, record), lines },
      reached,
    ))
      this.onMiss(fault)
    for (const entry of unreached) {
      if (entry.error_type !== 'connect_failed') this.onMiss(`${name}: ${downBackend} ${entry.error_type}`)
    }
    if (record.proxy_user !== exchange.user)
      this.onMiss(`${name}: user ${record.proxy_user}, not ${exchange.user}`)
    const turn = exchange.conversation?.turn
    if (turn !== undefined && record.turn_number !== turn)
      this.onMiss(`${name}: turn ${record.turn_number}, not ${turn}`)
    const { settled } = this
    settled.attempts += record.attempts
    settled.byCount[method] = (settled.byCount[method] ?? 0) + 1
    settled.nanoUsd += Math.round((record.cost_usd ?? 0) * 1e9)
    settled.byOutcome[record.outcome] = (settled.byOutcome[record.outcome] ?? 0) + 1
    this.#close(account, record.replaced ? 'replaced' : undefined)
  }

  #close({ exchange }: Account, kind = exchange.kind): void {
    const { byKind } = this.settled
    byKind[kind] = (byKind[kind] ?? 0) + 1
    if (exchange.conversation) exchange.conversation.isAsking = false
    this.#open.delete(exchange.plan.id)
    this.onClose(exchange)
  }
}

/** A head that is held back goes on after five seconds; whether a client that left by then had it, only the proxy can say. */
function readBy({ plan }: SoakExchange, seen: Seen, { http_status_code: status }: UsageRecord): Seen {
  return plan.kind === 'left before content' && status === 200 ? { ...seen, status } : seen
}

/** Of attempts that reached nobody, nobody has a line. */
function withoutUnreached(record: UsageRecord) {
  const isReached = ({ backend_instance_id }: { backend_instance_id: string }) =>
    backend_instance_id !== downBackend
  const attempt_log = record.attempt_log.filter(isReached)
  const unreached = record.attempt_log.filter((entry) => !isReached(entry))
  return { reached: { ...record, attempt_log, attempts: record.attempts - unreached.length }, unreached }
}
