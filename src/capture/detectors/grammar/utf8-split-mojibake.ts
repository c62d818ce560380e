import { headerValue } from '../../../core/http.ts'
import type { LegView } from '../../view/view.ts'
import type { Detector, Finding, Subject } from '../detector.ts'
import { type AnswerLeg, answersOf } from './answer-legs.ts'
import { doublyEncodedIn, invalidUtf8At, replacementsIn } from './broken-characters.ts'

/** So many in an answer are no accident. */
const leastDoubled = 2

/** Reference §4.2, 38: text that lost its characters on the way. */
export const utf8SplitMojibake: Detector = {
  code: 'utf8_split_mojibake',
  severity: 'error',
  summary: 'Characters were broken: no UTF-8, decoded by halves, or encoded twice',
  *find(subject) {
    const answers = [...answersOf(subject)].filter(({ leg }) => isText(leg))
    for (const answer of answers) {
      const found = invalid(answer)
      if (found) return yield found
    }
    const client = answers.find(({ fault }) => fault === 'proxy')
    const attempt = subject.answered()
    const backend = answers.find(({ place }) => attempt !== null && place.attempt === attempt.number)
    if (client && backend) {
      const isSame = attempt?.protocol === subject.exchange.protocol
      const found = lostInProxy(backend.leg.body(), client, isSame)
      if (found) return yield found
    }
    if (backend) yield* doubledByBackend(subject, backend)
  },
}

function invalid({ leg, reading, place }: AnswerLeg): Finding | null {
  if (reading.isUtf8) return null
  const body = leg.body()
  const offset = invalidUtf8At(body)
  return {
    severity: 'error',
    ...place,
    offset,
    description: `The answer's ${body.length} bytes were no UTF-8: at ${offset} stood a byte that fits no character.`,
    evidence: {
      bytes: Buffer.from(body.subarray(Math.max(0, offset - 4), offset + 8)).toString('hex'),
      at: offset,
    },
    hint: place.fault === 'proxy' ? proxyHint : backendHint,
  }
}

const proxyHint = 'A fault of the proxy: report it with this exchange.'
const backendHint =
  'Clients show question marks or throw: tell who runs the backend or the gateway in front of it.'

/** A translation may say the same text several times, so that only what was not there at all proves something. */
function lostInProxy(sent: Uint8Array, { leg, place }: AnswerLeg, isSame: boolean): Finding | null {
  const got = leg.body()
  for (const [count, what] of [
    [replacementsIn, 'replacement characters (U+FFFD)'],
    [doublyEncodedIn, 'characters that were encoded twice'],
  ] as const) {
    const before = count(sent)
    const after = count(got)
    if (after === 0 || (isSame ? after <= before : before > 0)) continue
    return {
      severity: 'error',
      ...place,
      offset: 0,
      description: `The client's answer had ${after} ${what}, and the backend's had ${before}.`,
      evidence: { toClient: after, fromBackend: before },
      hint: proxyHint,
    }
  }
  return null
}

function* doubledByBackend({ exchange }: Subject, { leg, place }: AnswerLeg): Iterable<Finding> {
  const count = doublyEncodedIn(leg.body())
  if (count < leastDoubled) return
  // Who asks about such characters, or sends some, is answered with them.
  if (!exchange.ctp || exchange.ctp.missing > 0 || doublyEncodedIn(exchange.ctp.body()) > 0) return
  yield {
    severity: 'warn',
    ...place,
    offset: 0,
    confidence: 0.8,
    description: `The backend's answer had ${count} characters that look as if they were encoded twice (\u00c3\u00a9 for \u00e9).`,
    evidence: { count },
    hint: 'A gateway in front of the model takes UTF-8 for Latin-1: tell who runs it.',
  }
}

/** What says that it is something else, has bytes that no text has, or is still compressed (`content_encoding_mismatch`). */
function isText(leg: LegView): boolean {
  const type = headerValue(leg.headers, 'content-type') ?? ''
  if (/^(image|audio|video|font)\/|octet-stream|\/(zip|pdf)\b/i.test(type)) return false
  const body = leg.body()
  const isCompressed = (body[0] === 0x1f && body[1] === 0x8b) || (body[0] === 0x28 && body[1] === 0xb5)
  return !isCompressed && !body.includes(0)
}
