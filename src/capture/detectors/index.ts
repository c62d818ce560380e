/**
 * To add a detector:
 *
 * 1. `detectors/FOLDER/CODE-WITH-DASHES.ts` exports one `Detector`. It reads a `Subject`: the legs as they passed are
 *    in `subject.exchange`, what they say in `subject.ctp()`, `ptb(attempt)`, `btp(attempt)`, `ptc()` (made once for all
 *    detectors; null where the leg is missing, or where the capture has lost a part of it, which proves nothing), what
 *    came before in `subject.around`. Limits are `subject.thresholds`. It yields findings; saying nothing is
 *    the normal case. `fault` follows from comparing the legs: on BTP and unchanged on PTC, the backend; on PTC and
 *    not on BTP, the proxy; on CTP already, the client; a reset, the network.
 * 2. A line in the list below.
 * 3. `test/capture/detectors/cases/CODE-WITH-DASHES.ts`: three mutations and two near-misses, written from the
 *    rule before the detector (`cases/stalled-stream.ts` is the pattern). `npm run detectors` measures it over the recorded
 *    traffic; `test/capture/detectors/contract.test.ts` holds it to the contract.
 */
import { contentFiltered } from './completion/content-filtered.ts'
import { emptyCompletion } from './completion/empty-completion.ts'
import { modelMismatch } from './completion/model-mismatch.ts'
import { outputTruncated } from './completion/output-truncated.ts'
import { reasoningAteBudget } from './completion/reasoning-ate-budget.ts'
import { usageMismatch } from './completion/usage-mismatch.ts'
import { usageMissing } from './completion/usage-missing.ts'
import { cacheBrokenByProxy } from './context/cache-broken-by-proxy.ts'
import { cacheMiss } from './context/cache-miss.ts'
import { cachePrefixBroken } from './context/cache-prefix-broken.ts'
import { contextNearLimit } from './context/context-near-limit.ts'
import type { Detector } from './detector.ts'
import { invalidJsonEvent } from './grammar/invalid-json-event.ts'
import { sseOrder } from './grammar/sse-order.ts'
import { utf8SplitMojibake } from './grammar/utf8-split-mojibake.ts'
import { authError } from './retries-and-errors/auth-error.ts'
import { backendError } from './retries-and-errors/backend-error.ts'
import { errorInside200 } from './retries-and-errors/error-inside-200.ts'
import { failover } from './retries-and-errors/failover.ts'
import { midStreamFailoverSeam } from './retries-and-errors/mid-stream-failover-seam.ts'
import { quotaExhausted } from './retries-and-errors/quota-exhausted.ts'
import { rateLimit } from './retries-and-errors/rate-limit.ts'
import { retryStorm } from './retries-and-errors/retry-storm.ts'
import { clientKeyForwarded } from './security/client-key-forwarded.ts'
import { credentialInCapture } from './security/credential-in-capture.ts'
import { paramDropped } from './security/param-dropped.ts'
import { requestMutated } from './security/request-mutated.ts'
import { responseMutated } from './security/response-mutated.ts'
import { secretInPayload } from './security/secret-in-payload.ts'
import { toolArgsInvalid } from './tools/tool-args-invalid.ts'
import { toolCallUnanswered } from './tools/tool-call-unanswered.ts'
import { toolLoop } from './tools/tool-loop.ts'
import { toolResultOrphan } from './tools/tool-result-orphan.ts'
import { captureGap } from './transport/capture-gap.ts'
import { clientDisconnect } from './transport/client-disconnect.ts'
import { contentEncodingMismatch } from './transport/content-encoding-mismatch.ts'
import { localAnswer } from './transport/local-answer.ts'
import { missingResponse } from './transport/missing-response.ts'
import { proxyLatency } from './transport/proxy-latency.ts'
import { slowFirstToken } from './transport/slow-first-token.ts'
import { stalledStream } from './transport/stalled-stream.ts'
import { truncatedByProxy } from './transport/truncated-by-proxy.ts'
import { truncatedStream } from './transport/truncated-stream.ts'
import { unansweredAtEof } from './transport/unanswered-at-eof.ts'
import { upstreamRunsOn } from './transport/upstream-runs-on.ts'

/** Every detector, in the order of the catalogue (`reference/capture-and-replay.md` §4.2). */
export const detectors: readonly Detector[] = [
  // Transport and lifecycle
  stalledStream,
  slowFirstToken,
  truncatedStream,
  truncatedByProxy,
  clientDisconnect,
  upstreamRunsOn,
  missingResponse,
  unansweredAtEof,
  localAnswer,
  contentEncodingMismatch,
  proxyLatency,
  captureGap,
  // Retries and errors
  rateLimit,
  quotaExhausted,
  backendError,
  errorInside200,
  authError,
  failover,
  midStreamFailoverSeam,
  retryStorm,
  // Grammar of streams and JSON
  invalidJsonEvent,
  sseOrder,
  utf8SplitMojibake,
  // Completion
  emptyCompletion,
  reasoningAteBudget,
  outputTruncated,
  contentFiltered,
  modelMismatch,
  usageMissing,
  usageMismatch,
  // Tools and conversation
  toolArgsInvalid,
  toolCallUnanswered,
  toolResultOrphan,
  toolLoop,
  // Cost, cache, context
  cachePrefixBroken,
  cacheMiss,
  cacheBrokenByProxy,
  contextNearLimit,
  // Security and mutation
  secretInPayload,
  credentialInCapture,
  clientKeyForwarded,
  requestMutated,
  responseMutated,
  paramDropped,
]
