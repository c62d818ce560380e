import { ProxyError } from '../core/errors.ts'

/** A failed sending as an error of ours: what happened at which backend, and what to look at. */
export function sendFailure(
  error: Error,
  backend: { name: string; apiUrl: string },
  sent: boolean,
): ProxyError {
  // A request body that we cut ourselves ends the sending with our own error.
  if (error instanceof ProxyError) return error
  const code = errorCode(error)
  const host = hostOf(backend.apiUrl)
  const known = connectFailures[code]
  if (known) {
    return new ProxyError('connect_failed', `cannot reach backend ${backend.name}: ${known(host)}`, {
      cause: error,
    })
  }
  if (!sent) {
    const why =
      code.startsWith('ERR_TLS') || code.includes('CERT')
        ? `TLS to ${host} failed; NODE_EXTRA_CA_CERTS names further authorities`
        : error.message
    return new ProxyError('connect_failed', `cannot reach backend ${backend.name}: ${why} (${code})`, {
      cause: error,
    })
  }
  // undici gives its parser's errors a code only where it knows one.
  if (code.startsWith('HPE_') || code === 'HTTPParserError' || code === 'UND_ERR_HEADERS_OVERFLOW') {
    return new ProxyError(
      'backend_answer',
      `backend ${backend.name} answered with something that is not HTTP (${code})`,
      {
        cause: error,
      },
    )
  }
  return new ProxyError(
    'backend_closed',
    `backend ${backend.name} closed the connection before its answer was complete`,
    {
      cause: error,
    },
  )
}

const connectFailures: Record<string, (host: string) => string> = {
  ECONNREFUSED: (host) => `${host} refuses connections; is it running?`,
  ENOTFOUND: (host) => `the name ${host} is unknown; check api_url`,
  EAI_AGAIN: (host) => `the name ${host} cannot be looked up now; is there a network?`,
  ENETUNREACH: (host) => `no network route to ${host}`,
  EHOSTUNREACH: (host) => `no route to ${host}`,
  ETIMEDOUT: (host) => `${host} does not answer`,
  UND_ERR_CONNECT_TIMEOUT: (host) => `${host} does not answer`,
}

/** The system's or undici's code; several addresses tried in turn are one AggregateError. */
function errorCode(error: Error): string {
  const own = (error as NodeJS.ErrnoException).code
  if (own) return own
  const first =
    error instanceof AggregateError ? (error.errors[0] as NodeJS.ErrnoException | undefined) : undefined
  return first?.code ?? error.name
}

function hostOf(apiUrl: string): string {
  return URL.canParse(apiUrl) ? new URL(apiUrl).host : apiUrl
}
