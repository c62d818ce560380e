import { type AskedRequest, digest, type ReadingParts } from './asked-request.ts'
import { equalButForSecrets, hasSecrets, lengthWithSecrets } from './neutral-text.ts'
import { type Rank, ranks, rankText } from './ranks.ts'
import { type Asker, type Recording, requestOf } from './recordings.ts'
import { SessionTies } from './session-ties.ts'

/** What is given when all recordings of a request were given: the last again, all from the first on, or none. */
export const reuses = ['last', 'cycle', 'none'] as const
export type Reuse = (typeof reuses)[number]

export interface ShelfSettings {
  reuse: Reuse
  /** The best rank only. */
  strict: boolean
}

export type Found =
  | { kind: 'exact' | 'fuzzy'; recording: Recording; why: string | null }
  /** `used`: recordings of this very request, which were all given. */
  | { kind: 'miss'; used: readonly Recording[] }

interface Entry {
  recording: Recording
  given: number
  /** By rank; null where it has no secret: what is overwritten there is any text of this length. */
  lengths: (number | null)[] | null
}

/** All recordings, to find the one that answers a request; each that was given counts as given. */
export class Shelf {
  readonly #parts: Omit<ReadingParts, 'secrets'>
  readonly #settings: ShelfSettings
  readonly #byText = new Map<string, Entry[]>()
  readonly #withSecrets = new Map<string, Entry[]>()
  readonly #ties = new SessionTies()

  constructor(
    recordings: readonly Recording[],
    parts: Omit<ReadingParts, 'secrets'>,
    settings: ShelfSettings,
  ) {
    this.#parts = parts
    this.#settings = settings
    for (const recording of recordings) this.#add(recording)
  }

  /** `session`: what the asking conversation calls itself, if anything. */
  find(asked: AskedRequest, asker: Asker, session: string | null): Found {
    const used: Recording[] = []
    for (const [at, rank] of ranks.entries()) {
      if (at > 0 && this.#settings.strict) break
      const text = rankText(asked, rank)
      if (text === null) continue
      const alike = this.#byText.get(textKey(rank, asked.group, text)) ?? []
      const found = this.#choose(alike, asker, session)
      if (found) return hit(found, rank, false)
      if (at === 0) used.push(...alike.map(({ recording }) => recording))
      else {
        const other = this.#choose(this.#alikeButForSecrets(asked, at, rank, text), asker, session)
        if (other) return hit(other, rank, true)
      }
    }
    return { kind: 'miss', used }
  }

  #add(recording: Recording): void {
    const request = requestOf(recording, this.#parts)
    const isMarked = hasSecrets(request.neutral)
    const entry: Entry = { recording, given: 0, lengths: isMarked ? [] : null }
    for (const [at, rank] of ranks.entries()) {
      if (at > 0 && this.#settings.strict) break
      const text = rankText(request, rank)
      if (text !== null) append(this.#byText, textKey(rank, request.group, text), entry)
      entry.lengths?.push(text === null ? null : lengthWithSecrets(text))
    }
    if (isMarked) append(this.#withSecrets, request.group, entry)
  }

  #alikeButForSecrets(asked: AskedRequest, at: number, rank: Rank, text: string): Entry[] {
    const length = lengthWithSecrets(text)
    return (this.#withSecrets.get(asked.group) ?? []).filter(({ recording, lengths }) => {
      if (lengths?.[at] !== length) return false
      const recorded = rankText(requestOf(recording, this.#parts), rank)
      return recorded !== null && equalButForSecrets(recorded, text)
    })
  }

  /** In the order of recording those that were not given yet, of the conversation that is being answered first. */
  #choose(entries: readonly Entry[], asker: Asker, session: string | null): Entry | null {
    const theirs = entries.filter(({ recording }) => recording.asker === 'any' || recording.asker === asker)
    const fitting = theirs.length > 0 ? theirs : entries
    const least = Math.min(...fitting.map(({ given }) => given))
    if (least > 0 && this.#settings.reuse === 'none') return null
    const next = least > 0 && this.#settings.reuse === 'last' ? fitting.toReversed() : fitting
    const open =
      least > 0 && this.#settings.reuse === 'last' ? next : next.filter(({ given }) => given === least)
    const at = this.#ties.choose(
      open.map(({ recording }) => recording.exchange.session),
      session,
    )
    const chosen = open[at] ?? null
    if (chosen) chosen.given++
    return chosen
  }
}

function hit({ recording }: Entry, rank: Rank, isOtherSecret: boolean): Found {
  if (rank.name === 'exact') return { kind: 'exact', recording, why: null }
  return {
    kind: 'fuzzy',
    recording,
    why: isOtherSecret ? `${rank.words}; a secret is overwritten in the recording` : rank.words,
  }
}

/** Canonical JSON says the model too; the group says where it was sent. */
function textKey(rank: Rank, group: string, text: string): string {
  return digest(rank.name, group, text)
}

function append(map: Map<string, Entry[]>, key: string, entry: Entry): void {
  const list = map.get(key)
  if (list) list.push(entry)
  else map.set(key, [entry])
}
