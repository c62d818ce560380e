import type { LegEnd } from '../../format/records.ts'
import type { Spot } from '../../view/reading.ts'
import type { AttemptView, LegView } from '../../view/view.ts'
import { errorCode } from '../client-left.ts'
import type { Finding, Subject } from '../detector.ts'

/** What went wrong in an attempt, or in the proxy's own answer. */
export interface Trouble {
  /**
   * refused: by its status; told: within an answer that began well; unanswered: no head came, or none that is
   * understood; local: the proxy refused, and asked nobody.
   */
  kind: 'refused' | 'told' | 'unanswered' | 'local'
  /** Null: local. */
  attempt: AttemptView | null
  leg: LegView
  status: number | null
  message: string
  type: string | null
  code: string | null
  at: Spot
  /** Another attempt answered. */
  isRecovered: boolean
}

/** Every attempt's trouble, in their order. What ended in the middle without a word is `truncated_stream`. */
export function* troublesOf(subject: Subject): Iterable<Trouble> {
  const { exchange } = subject
  for (const attempt of exchange.attempts) {
    const found = ofAttempt(subject, attempt)
    if (found) yield { ...found, attempt, isRecovered: isRecovered(subject, attempt, found.kind) }
  }
  if (exchange.attempts.length > 0 || (exchange.closed?.attempts.length ?? 0) > 0) return
  const { ptc } = exchange
  if (ptc?.status == null || ptc.status < 400) return
  const { message, type, code } = subject.ptc()?.error ?? { message: '', type: null, code: null }
  const own = errorCode(exchange.closed?.error) ?? code
  yield {
    kind: 'local',
    attempt: null,
    leg: ptc,
    status: ptc.status,
    message,
    type,
    code: own,
    at: headOf(ptc),
    isRecovered: false,
  }
}

type Found = Omit<Trouble, 'attempt' | 'isRecovered'>

function ofAttempt(subject: Subject, attempt: AttemptView): Found | null {
  const { btp } = attempt
  if (!btp) return null
  const reading = subject.btp(attempt)
  const error = reading?.error ?? null
  const words = { message: error?.message ?? '', type: error?.type ?? null, code: error?.code ?? null }
  const at = error?.at ?? headOf(btp)
  if ((btp.status ?? 0) >= 400) return { kind: 'refused', leg: btp, status: btp.status, ...words, at }
  // Files of the original do not always have the status: a document with an error in it came with one.
  const isRefusal = btp.status === null && reading?.isStream === false
  if (error) return { kind: isRefusal ? 'refused' : 'told', leg: btp, status: error.status, ...words, at }
  return unanswered(subject, attempt, btp)
}

const endings: readonly LegEnd[] = ['error', 'timeout', 'abort_backend']

function unanswered({ exchange }: Subject, { number }: AttemptView, btp: LegView): Found | null {
  const told = exchange.closed?.attempts.find(({ n }) => n === number)
  const code = errorCode(told?.error) ?? errorCode(btp.end?.error ?? undefined)
  const isSilent = btp.status === null && btp.chunks.length === 0
  const isEnded = btp.end !== null && endings.includes(btp.end.why)
  // An answer that is none: a redirect, something that is not HTTP or not JSON.
  if (!(isSilent && isEnded) && code !== 'backend_answer') return null
  const message = btp.end?.error ?? told?.reason ?? ''
  return { kind: 'unanswered', leg: btp, status: null, message, type: null, code, at: headOf(btp) }
}

function headOf({ headAtNs, headEntry, chunks, end }: LegView): Spot {
  const [first] = chunks
  return {
    offset: 0,
    entry: headEntry ?? first?.entry ?? end?.entry ?? 0,
    atNs: headAtNs ?? first?.atNs ?? end?.atNs ?? 0,
  }
}

function isRecovered(subject: Subject, { number }: AttemptView, kind: Trouble['kind']): boolean {
  const { ptc } = subject.exchange
  if (!ptc || (ptc.status ?? 200) >= 400) return false
  const answered = subject.answered()
  // The proxy may have an answer of its own: a count of tokens.
  if (kind !== 'told' && ptc.status !== null) return true
  return answered !== null && answered.number > number && (answered.btp?.status ?? 200) < 400
}

/** Where it stands. */
export function placeOf({
  attempt,
  leg,
  at,
}: Trouble): Pick<Finding, 'leg' | 'attempt' | 'entry' | 'offset' | 'atNs'> {
  return { leg: leg.leg, attempt: attempt?.number ?? null, ...at }
}

/** Who said it, for the beginning of a sentence. */
export function speakerOf({ attempt }: Trouble): string {
  if (!attempt) return 'The proxy'
  return attempt.backend === null ? 'The backend' : `Backend ${attempt.backend}`
}
