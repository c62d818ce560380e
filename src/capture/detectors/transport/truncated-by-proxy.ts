import { clientLeft } from '../client-left.ts'
import type { Detector } from '../detector.ts'
import { isGeneration } from '../generation.ts'

/** Reference §4.2, 5: the backend said its last word, and the client did not get it. */
export const truncatedByProxy: Detector = {
  code: 'truncated_by_proxy',
  severity: 'error',
  summary: 'The backend finished its answer, and the client did not get all of it',
  *find(subject) {
    const { exchange } = subject
    const { ptc } = exchange
    if (!ptc?.end || clientLeft(exchange) || !isGeneration(exchange)) return
    const attempt = subject.answered()
    const sent = attempt && subject.btp(attempt)
    const got = subject.ptc()
    if (!attempt?.btp || !sent?.isTerminated || sent.error !== null || !got || got.isTerminated) return
    const bytes = { fromBackend: attempt.btp.body().length, toClient: ptc.body().length }
    yield {
      severity: 'error',
      fault: 'proxy',
      leg: 'PTC',
      entry: ptc.end.entry,
      offset: bytes.toClient,
      atNs: ptc.end.atNs,
      description: `The backend's answer was complete with ${bytes.fromBackend} bytes, and the client's ended after ${bytes.toClient} without its last word.`,
      evidence: {
        bytes,
        ...(sent.isStream && { events: { fromBackend: sent.raw.length, toClient: got.raw.length } }),
        end: ptc.end.why,
      },
      hint: 'A fault of the proxy: report it with this exchange (`llmproxy capture save --exchange ID`).',
    }
  },
}
