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
    const words = known(host) + elsewhere(error, host)
    return new ProxyError('connect_failed', `cannot reach backend ${backend.name}: ${words}`, {
      cause: error,
    })
  }
  if (!sent) {
    const why = tunnelWords(error, host) ?? tlsWords(code, host) ?? `${error.message} (${code})`
    return new ProxyError('connect_failed', `cannot reach backend ${backend.name}: ${why}`, { cause: error })
  }
  if (isNoHttp(code, error)) {
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

/** Where the connection really went to, if not by that name: an outbound proxy, or what a name stands for here. */
function elsewhere(error: Error, host: string): string {
  const { address, port } = firstOf(error) as NodeJS.ErrnoException & { address?: string; port?: number }
  if (address === undefined || port === undefined) return ''
  const asked = `${address.includes(':') ? `[${address}]` : address}:${port}`
  return asked === host ? '' : ` (asked at ${asked})`
}

/** undici's ProxyAgent tells only in words that the outbound proxy refused the tunnel, and with which status. */
function tunnelWords({ message }: Error, host: string): string | undefined {
  const status = /^Proxy response \((\d+)\)/.exec(message)?.[1]
  if (status === undefined) return undefined
  const login = status === '407' ? ' and wants a user and password in it' : ''
  return `the outbound proxy (HTTPS_PROXY) answers ${status} for ${host}${login}; NO_PROXY goes past it`
}

function tlsWords(code: string, host: string): string | undefined {
  if (!code.startsWith('ERR_TLS') && !code.includes('CERT')) return undefined
  return `TLS to ${host} failed; NODE_EXTRA_CA_CERTS names further authorities (${code})`
}

const answerFaults = new Set([
  // undici gives its parser's errors a code only where it knows one.
  'HTTPParserError',
  'UND_ERR_HEADERS_OVERFLOW',
  'UND_ERR_RES_CONTENT_LENGTH_MISMATCH',
])

/** undici has one code for a socket that was closed and for one that it gives up: only its words differ. */
function isNoHttp(code: string, { message }: Error): boolean {
  if (code === 'UND_ERR_SOCKET') return message === 'bad response' || message === 'bad upgrade'
  return code.startsWith('HPE_') || answerFaults.has(code)
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
  return own || ((firstOf(error) as NodeJS.ErrnoException).code ?? error.name)
}

function firstOf(error: Error): Error {
  return error instanceof AggregateError ? ((error.errors[0] as Error | undefined) ?? error) : error
}

function hostOf(apiUrl: string): string {
  return URL.canParse(apiUrl) ? new URL(apiUrl).host : apiUrl
}
