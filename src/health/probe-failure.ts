import { printable } from '../core/printable.ts'
import { failure, type Outcome, unavailable } from './outcome.ts'

/** A probe without an answer, in a few words that people understand. */
export function probeFailure(error: Error): Outcome {
  const code = codeOf(error)
  // The fault is here, not there: nothing may be marked down by it.
  if (ownShortages.has(code)) return unavailable(`no connection could be made here (${code})`)
  return failure(knownFailures[code] ?? tunnelWords(error) ?? tlsWords(code) ?? otherWords(error, code))
}

const ownShortages = new Set(['EMFILE', 'ENFILE', 'ENOMEM', 'ENOBUFS'])

const knownFailures: Record<string, string> = {
  ECONNREFUSED: 'refuses connections',
  ENOTFOUND: 'the name is unknown',
  EAI_AGAIN: 'the name cannot be looked up now',
  ENETUNREACH: 'no network route',
  EHOSTUNREACH: 'no route to the host',
  ETIMEDOUT: 'does not answer',
  UND_ERR_CONNECT_TIMEOUT: 'does not answer',
  ECONNRESET: 'closes the connection without an answer',
  EPIPE: 'closes the connection without an answer',
}

/** undici says only in words that an outbound proxy refused the tunnel. */
function tunnelWords({ message }: Error): string | undefined {
  const status = /^Proxy response \((\d+)\)/.exec(message)?.[1]
  return status === undefined ? undefined : `the outbound proxy (HTTPS_PROXY) answers ${status}`
}

function tlsWords(code: string): string | undefined {
  const isTls = /^ERR_(TLS|SSL)|CERT|^EPROTO$|^UNABLE_TO_/.test(code)
  return isTls ? `TLS failed (${code})` : undefined
}

function otherWords({ message }: Error, code: string): string {
  if (code === 'UND_ERR_SOCKET' && message !== 'bad response' && message !== 'bad upgrade') {
    return 'closes the connection without an answer'
  }
  const noHttp = code === 'UND_ERR_SOCKET' || code.startsWith('HPE_') || code === 'HTTPParserError'
  return noHttp ? `answers with something that is not HTTP (${code})` : `${printable(message)} (${code})`
}

/** Several addresses tried in turn are one AggregateError; one that refuses says most. */
function codeOf(error: Error): string {
  const each = error instanceof AggregateError ? (error.errors as unknown[]) : [error]
  const codes = each.map((one) => (one as NodeJS.ErrnoException | undefined)?.code).filter(Boolean)
  return (codes.includes('ECONNREFUSED') ? 'ECONNREFUSED' : codes[0]) ?? error.name
}
