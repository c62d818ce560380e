import type { LegEnd } from '../../format/records.ts'
import type { Chunk, LegView } from '../../view/view.ts'
import type { Recording } from './recordings.ts'

/** What becomes of an answer when its last chunk is out. */
export type Ending =
  /** It ends in order. */
  | 'whole'
  /** The connection is closed. */
  | 'cut'
  /** Nothing more comes until the client goes away. */
  | 'silent'

/** An answer in time: milliseconds from when its request was there whole. */
export interface Schedule {
  /** Null: no head comes. */
  headAtMs: number | null
  chunks: readonly { atMs: number; bytes: Uint8Array }[]
  end: { atMs: number; how: Ending }
}

export interface Pace {
  /** How many times as fast as recorded; Infinity: nothing is waited for. */
  speed: number
  /** No silence is longer. */
  maxGapMs: number | null
}

/** Who ended the answer was not the one who gave it: nobody knows what else would have come. */
const leftBy: ReadonlySet<LegEnd> = new Set(['abort_client', 'abort_proxy', 'timeout'])
const leftByCode: ReadonlySet<string> = new Set(['client_gone', 'shutting_down', 'backend_timeout'])

/** When the recorded answer's pieces came, at this pace. Answers are given as far as they were recorded. */
export function scheduleOf(recording: Recording, pace: Pace): Schedule {
  const { answer, askedAtNs, exchange } = recording
  const gaps = new Gaps(pace)
  const at = (atNs: number) => gaps.at(Math.max(0, (atNs - askedAtNs) / 1e6))
  const headAtNs = headTimeOf(answer)
  const headAtMs = headAtNs === null ? null : at(headAtNs)
  const { chunks, isWhole } = headAtNs === null ? nothing : knownChunks(answer)
  const timed = chunks.map(({ atNs, bytes }) => ({ atMs: at(atNs), bytes }))
  const how = endingOf(recording, isWhole)
  const isOpenEnded = how === 'silent' && Number.isFinite(pace.speed) && pace.maxGapMs === null
  const endAtMs = isOpenEnded ? Number.POSITIVE_INFINITY : at(answer?.end?.atNs ?? exchange.lastAtNs)
  return { headAtMs, chunks: timed, end: { atMs: endAtMs, how } }
}

const nothing: { chunks: readonly Chunk[]; isWhole: boolean } = { chunks: [], isWhole: true }

/** Files of the original have no heads of answers: they came with the first chunk. */
function headTimeOf(answer: LegView | null): number | null {
  if (answer === null) return null
  const [first] = answer.chunks
  if (answer.status === null && first === undefined) return null
  return answer.headAtNs ?? first?.atNs ?? null
}

/** Up to the first byte that is not in the file: what comes behind it would be another answer. */
function knownChunks(answer: LegView | null): typeof nothing {
  if (answer === null) return nothing
  const lost = answer.chunks.findIndex(({ missing }) => missing > 0)
  const known = lost < 0 ? answer.chunks : answer.chunks.slice(0, lost)
  return { chunks: known.filter(({ bytes }) => bytes.length > 0), isWhole: answer.missing === 0 }
}

function endingOf({ answer, failure }: Recording, isWhole: boolean): Ending {
  if (!isWhole) return 'cut'
  const why = answer?.end?.why
  if (why === undefined) return failure !== null && !leftByCode.has(failure) ? 'cut' : 'silent'
  if (why === 'eof') return answer?.status === null && answer.chunks.length === 0 ? 'cut' : 'whole'
  return leftBy.has(why) ? 'silent' : 'cut'
}

/** Recorded times one after the other as they are at a pace: each silence by itself. */
class Gaps {
  readonly #pace: Pace
  #recordedMs = 0
  #paceMs = 0

  constructor(pace: Pace) {
    this.#pace = pace
  }

  at(recordedMs: number): number {
    const { speed, maxGapMs } = this.#pace
    const gapMs = Math.max(0, recordedMs - this.#recordedMs) / speed
    this.#recordedMs = Math.max(this.#recordedMs, recordedMs)
    this.#paceMs += maxGapMs === null ? gapMs : Math.min(gapMs, maxGapMs)
    return this.#paceMs
  }
}
