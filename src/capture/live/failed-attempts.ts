import type { ProxyError } from '../../core/errors.ts'
import type { Attempt, Exchange } from '../../core/exchange.ts'
import type { ProtocolName } from '../../core/protocol-name.ts'
import type { Fault } from '../detectors/detector.ts'
import { quoted } from '../detectors/quoted.ts'
import { isAuth, isQuota, isRateLimit } from '../detectors/retries-and-errors/error-words.ts'
import type { LiveFinding } from './waits.ts'

/** What is said of an attempt that failed. `isRecovered`: another answered, or may still. */
export function* attemptFindings(
  exchange: Exchange,
  attempt: Attempt,
  isRecovered: boolean,
): Iterable<LiveFinding> {
  const { error } = attempt
  if (!error || error.code === 'client_gone' || error.code === 'shutting_down') return
  const about = {
    ...{ leg: 'BTP' as const, attempt: attempt.number, atNs: attempt.endedNs ?? attempt.startedNs },
    ...{ severity: isRecovered ? ('warn' as const) : ('error' as const), evidence: evidenceOf(error) },
  }
  if (error.code === 'backend_error') yield* reported(exchange, attempt, error, about)
  // What was lost in the middle is no refusal.
  else if (attempt.firstContentNs === null) yield { ...unanswered(attempt, error), ...about }
}

function* reported(
  { frontend }: Exchange,
  attempt: Attempt,
  error: ProxyError,
  about: Omit<LiveFinding, keyof Described>,
): Iterable<LiveFinding> {
  const said = saidOf(error, attempt.status !== null && attempt.status < 400 ? 'told' : 'refused')
  const isLimit = isRateLimit(said)
  const isSpent = isQuota(said)
  if (isLimit) yield { ...limit(attempt, error), ...about, severity: 'warn' }
  if (isSpent) yield { ...spent(attempt), ...about }
  if (isAuth(said)) yield { ...keyRefused(attempt, error), ...about }
  if (!isLimit && !isSpent) yield { ...otherError(frontend, attempt, error, said.kind), ...about }
}

/** What the proxy refused itself, asking nobody. */
export function* localFindings({ error, attempts, closedNs }: Exchange): Iterable<LiveFinding> {
  if (!error || attempts.length > 0) return
  const about = { leg: 'PTC' as const, atNs: closedNs ?? 0, evidence: evidenceOf(error) }
  const said = { ...saidOf(error, 'local' as const), code: error.code }
  if (isRateLimit(said)) {
    yield {
      ...about,
      code: 'rate_limit',
      type: 'rate_limit',
      severity: 'warn',
      fault: error.code === 'backend_limited' ? 'backend' : 'client',
      description: `The proxy said that a limit was reached: ${quoted(error.message)}.`,
      hint: 'Ask less at once (`max_concurrent`), or put another backend behind this one for such times.',
    }
  }
  if (isAuth(said)) {
    yield {
      ...about,
      code: 'auth_error',
      severity: 'error',
      fault: 'client',
      description: `The proxy refused the key or login (${error.code}).`,
      hint: 'The client must send one of the access keys of this proxy: `llmproxy key`.',
    }
  }
}

type Said = Parameters<typeof isAuth>[0]
type Described = Pick<LiveFinding, 'code' | 'type' | 'fault' | 'description' | 'hint'>

function saidOf({ status, message, providerType, providerCode }: ProxyError, kind: Said['kind']): Said {
  return { kind, status, message, type: providerType, code: providerCode }
}

function evidenceOf({ status, code, message, providerType, providerCode, retryAfterMs }: ProxyError) {
  return {
    status,
    type: providerType,
    code: providerCode ?? code,
    message: quoted(message),
    ...(retryAfterMs !== null && { retryAfterSeconds: Math.round(retryAfterMs / 1000) }),
  }
}

function unanswered({ backend }: Attempt, { code, message }: ProxyError): Described {
  const isUnreached = code === 'connect_failed' || code === 'backend_closed'
  const fault: Fault = isUnreached ? 'network' : 'backend'
  return {
    ...{ code: 'backend_error', type: 'backend_error', fault },
    description: `Backend ${backend} gave no answer (${code}): ${quoted(message)}.`,
    hint: 'Look whether it can be reached: `llmproxy health`, and the log of the proxy.',
  }
}

function otherError(
  frontend: ProtocolName,
  { backend, protocol, replaces }: Attempt,
  { status, message }: ProxyError,
  kind: Said['kind'],
): Described {
  const isRequest = kind === 'refused' && status < 500 && status !== 408
  // Who changed a refused request only the legs tell.
  const sender = protocol === frontend && !replaces ? 'client' : null
  return {
    ...{ code: 'backend_error', type: 'backend_error', fault: isRequest ? sender : 'backend' },
    description: `Backend ${backend} ${kind === 'told' ? 'reported an error within its answer' : `answered ${status}`}: ${quoted(message)}.`,
    hint: isRequest
      ? 'The request itself is refused, so that asking again cannot help: capture it and compare CTP and PTB.'
      : 'Ask again later, or put another backend behind this one.',
  }
}

function limit({ backend }: Attempt, { status, retryAfterMs }: ProxyError): Described {
  const again = retryAfterMs === null ? '' : `, to be asked again in ${Math.round(retryAfterMs / 1000)} s`
  return {
    ...{ code: 'rate_limit', type: 'rate_limit', fault: 'backend' },
    description: `Backend ${backend} said that a limit was reached (${status})${again}.`,
    hint: 'Ask less at once (`max_concurrent`), or put another backend behind this one for such times.',
  }
}

function spent({ backend }: Attempt): Described {
  return {
    ...{ code: 'quota_exhausted', fault: 'backend' },
    description: `Backend ${backend} said that its account had nothing left.`,
    hint: "Waiting does not help: see to the provider's billing, or ask another backend.",
  }
}

function keyRefused({ backend }: Attempt, { status }: ProxyError): Described {
  return {
    // Whose key it was only the legs tell.
    ...{ code: 'auth_error', fault: null },
    description: `Backend ${backend} refused the key or login (${status}).`,
    hint: "Check that backend's key (`llmproxy health` shows which is refused), or log in anew in the client if it uses its own.",
  }
}
