import { isDeepStrictEqual } from 'node:util'
import { secondsBetween, secondsText } from '../../view/durations.ts'
import { bodyLength } from '../../view/leg.ts'
import type { ExchangeView } from '../../view/view.ts'
import { clientLeft } from '../client-left.ts'
import type { Detector, Finding, Subject } from '../detector.ts'

const withinMs = 60_000

/** Reference §4.2, 29: many tries for one answer, by the proxy, by the client, or by both. */
export const retryStorm: Detector = {
  code: 'retry_storm',
  severity: 'error',
  summary: 'The same was asked again and again within a minute',
  *find(subject) {
    const { exchange, thresholds } = subject
    if (exchange.attempts.length >= thresholds.retryStormAttempts) yield byProxy(exchange)
    yield* byClient(subject)
  },
}

function byProxy({ attempts, entries, openedAtNs }: ExchangeView): Finding {
  const statuses = attempts.map(
    ({ backend, btp }) => `${backend ?? '?'} ${btp?.status ?? btp?.end?.why ?? '-'}`,
  )
  return {
    severity: 'error',
    fault: 'proxy',
    leg: 'PTB',
    attempt: attempts.at(-1)?.number ?? null,
    entry: attempts.at(-1)?.ptb?.headEntry ?? entries.last,
    atNs: openedAtNs,
    description: `The proxy made ${attempts.length} attempts for one request.`,
    evidence: { attempts: statuses },
    hint: 'Each try costs time and may be billed: allow fewer attempts, or take the backends that fail out of the order.',
  }
}

function* byClient(subject: Subject): Iterable<Finding> {
  const { exchange, around, thresholds } = subject
  const limit = thresholds.retryStormAttempts
  if (!isRepeatable(exchange)) return
  const same = around.recent(exchange, withinMs).filter((other) => isSameRequest(subject, other))
  const requests = same.length + 1
  const tries = same.reduce((sum, { attempts }) => sum + attempts.length, exchange.attempts.length)
  const failed = same.filter(hasFailed).length
  const isStorm = requests >= limit
  // Tries of the client and of the proxy multiply each other.
  const isProduct = requests > 1 && tries >= 2 * limit && tries - exchange.attempts.length < 2 * limit
  if (!(isStorm && isTold(requests, limit)) && !isProduct) return
  const first = same.at(-1) ?? exchange
  const seconds = secondsBetween(first.openedAtNs, exchange.openedAtNs)
  // Several samples of one prompt look like this as well.
  const severity = failed >= Math.ceil(same.length / 2) ? 'error' : 'note'
  yield {
    severity,
    fault: 'client',
    leg: 'CTP',
    entry: exchange.ctp?.headEntry ?? exchange.entries.first,
    atNs: exchange.openedAtNs,
    description: `The client asked the same ${requests} times within ${secondsText(seconds)}, and ${failed} of the ${same.length} before had failed: ${tries} tries at backends.`,
    evidence: { requests, failed, tries, seconds: Math.round(seconds * 10) / 10, first: first.id },
    hint: 'Let only one of them ask again: the client (its SDK retries by itself), or the proxy.',
  }
}

/** Once when there are so many, then at each doubling. */
function isTold(count: number, limit: number): boolean {
  let told = limit
  while (told < count) told *= 2
  return told === count
}

/** Polling has no body; counts and embeddings are asked for as often as they are needed. */
function isRepeatable({ ctp, closed }: ExchangeView): boolean {
  if (!ctp || ctp.missing > 0 || bodyLength(ctp) === 0) return false
  return closed === null || closed.purpose === 'chat' || closed.purpose === 'title'
}

/** The same JSON has the same length, unless somebody writes it in another way. */
function isSameRequest(subject: Subject, other: ExchangeView): boolean {
  const own = subject.exchange.ctp
  const { ctp } = other
  if (!own || !ctp || other.forgotten || own.url !== ctp.url || bodyLength(own) !== bodyLength(ctp))
    return false
  if (Buffer.compare(own.body(), ctp.body()) === 0) return true
  const json = subject.ctp()?.json
  return json !== undefined && isDeepStrictEqual(json, subject.of(other).ctp()?.json)
}

function hasFailed(exchange: ExchangeView): boolean {
  const { closed, ptc } = exchange
  if (clientLeft(exchange) || (ptc?.status ?? 200) >= 400) return true
  return closed ? closed.outcome !== 'complete' : ptc === null || ptc.chunks.length === 0
}
