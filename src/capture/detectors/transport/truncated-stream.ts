import { stringAt } from '../../../core/json.ts'
import type { LegEnd } from '../../format/records.ts'
import type { AnswerReading } from '../../view/reading.ts'
import type { AttemptView } from '../../view/view.ts'
import type { Detector, Fault, Finding, Subject } from '../detector.ts'
import { isFromItsBeginning, isGeneration } from '../generation.ts'
import { quoted } from '../quoted.ts'

/** Who cut it, by how its leg ended. What the client itself stopped is no truncation. */
const cutBy: Readonly<Partial<Record<LegEnd, Fault>>> = {
  eof: 'backend',
  timeout: 'backend',
  abort_backend: 'network',
  error: 'network',
  abort_proxy: 'proxy',
}

/** Reference §4.2, 4: a stream that ended before its protocol's last word. */
export const truncatedStream: Detector = {
  code: 'truncated_stream',
  severity: 'error',
  summary: 'A stream ended before its last event',
  *find(subject) {
    if (!isGeneration(subject.exchange)) return
    for (const attempt of subject.exchange.attempts) yield* truncatedIn(subject, attempt)
  },
}

function* truncatedIn(subject: Subject, attempt: AttemptView): Iterable<Finding> {
  const { btp } = attempt
  const fault = btp?.end && cutBy[btp.end.why]
  if (!isFromItsBeginning(subject.exchange, btp) || !btp.end || !fault || (btp.status ?? 200) >= 300) return
  const reading = subject.btp(attempt)
  if (!reading?.isStream || reading.isTerminated) return
  const { length } = btp.body()
  const answered = subject.answered()
  const isRecovered =
    answered !== null && answered.number > attempt.number && (answered.btp?.status ?? 500) < 300
  yield {
    severity: isRecovered ? 'warn' : 'error',
    fault,
    confidence: fault === 'network' ? 0.8 : 1,
    leg: 'BTP',
    attempt: attempt.number,
    entry: btp.end.entry,
    offset: length,
    atNs: btp.end.atNs,
    description: `${how[btp.end.why] ?? 'The stream ended'} after ${length} bytes and ${reading.raw.length} events, before its last event.${isRecovered ? ' Another attempt answered.' : ''}`,
    evidence: {
      bytes: length,
      end: btp.end.why,
      ...(btp.end.error !== null && { error: quoted(btp.end.error) }),
      lastEvent: lastEvent(reading),
    },
    hint: 'What the client has is not the whole answer: ask again; a timeout of a gateway in between is the usual cause when it happens after the same time.',
  }
}

const how: Readonly<Partial<Record<LegEnd, string>>> = {
  eof: 'The backend ended its stream',
  timeout: 'The stream timed out',
  abort_backend: 'The connection to the backend was lost',
  error: 'The connection to the backend was lost',
  abort_proxy: 'The proxy stopped the stream',
}

function lastEvent({ raw }: AnswerReading): string | null {
  const last = raw.at(-1)
  if (!last) return null
  return last.name ?? stringAt(last.json, 'type') ?? (quoted(last.data.slice(-80)) || null)
}
