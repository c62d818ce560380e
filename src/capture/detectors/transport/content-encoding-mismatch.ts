import { headerValue } from '../../../core/http.ts'
import type { ExchangeView, LegView } from '../../view/view.ts'
import type { Detector, Fault, Finding, Subject } from '../detector.ts'

const decodable = /^(?:x-)?(?:gzip|deflate|br|zstd)$/
const readable = /^(?:text\/|application\/(?:[\w.+-]*\+)?(?:json|x-ndjson|xml)\b)/i
/** So few bytes may be as long encoded as they are decoded. */
const leastBytes = 64

/**
 * Reference §4.2, 14. The capture keeps bodies decoded and heads as they were, so that an encoding that is named does
 * not stand in the bytes: what could not be decoded, what is still encoded, and a length that is the decoded one tell.
 */
export const contentEncodingMismatch: Detector = {
  code: 'content_encoding_mismatch',
  severity: 'error',
  summary: 'A body was not encoded as its head said',
  *find(subject) {
    const { exchange } = subject
    const attempt = subject.answered() ?? exchange.attempts.at(-1) ?? null
    yield* firstWrong([
      [exchange.ctp, 'client'],
      [attempt?.ptb ?? null, 'proxy'],
    ])
    yield* firstWrong([
      [attempt?.btp ?? null, 'backend'],
      [answerFrom(subject, exchange), 'proxy'],
    ])
  },
}

function answerFrom({ exchange }: Subject, { ptc }: ExchangeView): LegView | null {
  return exchange.forgotten ? null : ptc
}

/** What comes in wrong goes out wrong: only the first is at fault. */
function* firstWrong(legs: readonly (readonly [leg: LegView | null, fault: Fault])[]): Iterable<Finding> {
  for (const [leg, fault] of legs) {
    const wrong = leg && wrongIn(leg)
    if (!leg || !wrong) continue
    return yield {
      severity: 'error',
      fault,
      confidence: wrong.confidence,
      leg: leg.leg,
      attempt: leg.attempt,
      entry: leg.headEntry ?? leg.chunks[0]?.entry ?? null,
      offset: 0,
      atNs: leg.headAtNs ?? leg.chunks[0]?.atNs ?? null,
      description: wrong.description,
      evidence: {
        contentEncoding: headerValue(leg.headers, 'content-encoding') ?? null,
        contentLength: headerValue(leg.headers, 'content-length') ?? null,
        begins: Buffer.from(leg.chunks[0]?.bytes.subarray(0, 8) ?? []).toString('hex'),
      },
      hint:
        fault === 'proxy'
          ? 'A fault of the proxy: report it with this exchange.'
          : 'Ask without compression (`accept-encoding: identity`), and tell who runs it.',
    }
  }
}

function wrongIn(leg: LegView): { description: string; confidence: number } | null {
  const [first] = leg.chunks
  if (!first) return null
  const named = (headerValue(leg.headers, 'content-encoding') ?? '')
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '' && name !== 'identity')
  if (!named.every((name) => decodable.test(name))) return null
  const encoding = named.join(', ')
  if (first.enc !== undefined) {
    const description = `The body was said to be ${encoding || first.enc}, and was not: it could not be decoded.`
    return named.length > 0 || first.enc !== '' ? { description, confidence: 1 } : null
  }
  if (leg.missing > 0) return null
  const still = encodedAs(leg)
  if (still !== null) {
    const description =
      encoding === ''
        ? `The body was ${still}, and its head did not say so.`
        : `The body was still ${still} after it had been decoded as its head said (${encoding}).`
    return { description, confidence: 1 }
  }
  const { length } = leg.body()
  const stated = Number(headerValue(leg.headers, 'content-length') ?? Number.NaN)
  if (encoding === '' || length < leastBytes || stated !== length) return null
  return {
    description: `The head said ${encoding}, and its length of ${length} bytes was that of the plain body.`,
    confidence: 0.9,
  }
}

/** By its first bytes, where they should be text (RFC 1952; RFC 8878). */
function encodedAs({ headers, chunks }: LegView): string | null {
  const type = headerValue(headers, 'content-type')
  if (type !== undefined && !readable.test(type)) return null
  const [a, b, c, d] = chunks[0]?.bytes ?? []
  if (a === 0x1f && b === 0x8b) return 'gzip'
  return a === 0x28 && b === 0xb5 && c === 0x2f && d === 0xfd ? 'zstd' : null
}
