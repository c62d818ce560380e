import type { HeaderPairs } from '../../core/http.ts'
import { printable } from '../../core/printable.ts'
import { isSensitiveHeader, sensitiveParameters } from '../../core/secrets/sensitive-names.ts'
import type { ExchangeView } from '../view/view.ts'
import { credentialOf } from './curl-credentials.ts'
import type { Exporter, ExportSettings } from './exporter.ts'
import { curlBody, isSendableHeader, shellWord } from './shell.ts'
import { type OneSide, sidesOf, urlOf } from './sides.ts'

/**
 * A POSIX shell command for each request that repeats it. What was recorded of a credential is never in it: variables of
 * the one who runs it stand there. A client's request goes to `$LLMPROXY_URL`, whatever host the capture names.
 */
export function curlExporter({ side }: ExportSettings): Exporter {
  return {
    begin: () => '',
    exchange: (exchange) =>
      sidesOf(exchange, side ?? 'client')
        .map((one) => commandOf(exchange, one))
        .join(''),
    end: () => '',
  }
}

const proxyUrl = `"\${LLMPROXY_URL:-http://127.0.0.1:8000}"`

/** curl makes them itself, or they end at the next host. */
const ofConnection = new Set([
  ...['host', 'content-length', 'connection', 'keep-alive', 'transfer-encoding', 'te', 'upgrade', 'expect'],
  ...['accept-encoding', 'proxy-connection', 'content-encoding', 'trailer'],
])

function commandOf(exchange: ExchangeView, one: OneSide): string {
  const { request, attempt } = one
  const { method, headers, missing } = request
  const body = curlBody(request.body())
  const words = [
    // -q: no ~/.curlrc; -g: no sets and ranges in the URL; -N: a stream as it comes.
    `${body.before}curl -q -sSgN --path-as-is --url ${targetOf(one)}`,
    `-X ${/^[A-Z]{1,20}$/.test(method ?? '') ? method : 'POST'}`,
    ...headersOf(headers).map(([name, value]) => `-H ${shellWord(headerText(name, value))}`),
    ...credentialsOf(one),
    ...(request.body().length > 0 ? [body.argument] : []),
  ]
  const about = [
    exchange.id,
    attempt && `attempt ${attempt.number} at ${attempt.backend || 'an unknown backend'}`,
    exchange.session,
  ]
  const note = missing > 0 ? `# ${missing} bytes of its body are not in the capture\n` : ''
  return `# ${printable(about.filter(Boolean).join('  '))}\n${note}${words.join(' \\\n  ')}\n\n`
}

function targetOf({ request, attempt }: OneSide): string {
  const url = withoutSecrets(urlOf(request))
  if (attempt) return shellWord(url)
  return proxyUrl + shellWord(url.replace(/^[a-z]+:\/\/[^/]*/i, ''))
}

function withoutSecrets(url: string): string {
  const [path = '', query] = url.split(/\?(.*)/s)
  if (query === undefined) return path
  const kept = query.split('&').filter((parameter) => !isSecret(parameter))
  return kept.length === 0 ? path : `${path}?${kept.join('&')}`
}

function isSecret(parameter: string): boolean {
  const name = new URLSearchParams(parameter).keys().next().value ?? ''
  return sensitiveParameters.has(name.toLowerCase())
}

/** curl's `-H` takes an empty value with a semicolon only. */
function headerText(name: string, value: string): string {
  return value.trim() === '' ? `${name};` : `${name}: ${value}`
}

function headersOf(headers: HeaderPairs): HeaderPairs {
  return headers.filter(
    ([name, value]) => !ofConnection.has(name) && !isSensitiveHeader(name) && isSendableHeader(name, value),
  )
}

function credentialsOf({ request, protocol, attempt }: OneSide): string[] {
  const { headers, url } = request
  const recorded = headers.map(([name, value]) => ({ name, value }))
  const inUrl = /[?&]key=/i.test(url ?? '') ? [{ name: 'x-goog-api-key', value: '' }] : []
  const found = [...recorded, ...inUrl].map(({ name, value }) =>
    credentialOf(name, value, protocol, attempt?.backendType || null),
  )
  return [...new Set(found.filter((credential) => credential !== null))].map((text) => `-H "${text}"`)
}
