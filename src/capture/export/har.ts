import { STATUS_CODES } from 'node:http'
import { type HeaderPairs, headerValue } from '../../core/http.ts'
import { printableJson } from '../../core/printable.ts'
import type { ExchangeView, LegView } from '../view/view.ts'
import { bodyText } from './body-text.ts'
import type { Exporter, ExportSettings } from './exporter.ts'
import { type OneSide, sidesOf, urlOf } from './sides.ts'

/**
 * HAR 1.2 (http://www.softwareishard.com/blog/har-12-spec/), as browsers' developer tools and mitmproxy read it. What it has
 * no place for stands in `_llmproxy`: the chunks as `[t_ns, length]` and the attempts, times since the exchange opened.
 */
export function harExporter({ side, version }: ExportSettings): Exporter {
  let count = 0
  return {
    begin: () =>
      `{"log":{"version":"1.2","creator":${printableJson({ name: 'llmproxy', version })},"entries":[\n`,
    exchange(exchange) {
      const entries = sidesOf(exchange, side ?? 'client').map((one) => printableJson(entryOf(exchange, one)))
      return entries.map((entry) => `${count++ === 0 ? '' : ',\n'}${entry}`).join('')
    },
    end: () => '\n]}}\n',
  }
}

const none = { cookies: [], headersSize: -1 }
// Both of the proxy's ends speak it.
const httpVersion = 'HTTP/1.1'

function entryOf(exchange: ExchangeView, one: OneSide) {
  const { request, answer } = one
  const startedNs = request.headAtNs ?? request.chunks[0]?.atNs ?? exchange.openedAtNs
  const timings = timingsOf(startedNs, one)
  return {
    startedDateTime: new Date(startedNs / 1e6).toISOString(),
    time: round(timings.send + timings.wait + timings.receive),
    request: requestOf(request),
    response: responseOf(answer),
    cache: {},
    timings,
    _llmproxy: ownWords(exchange, one),
  }
}

function requestOf(leg: LegView) {
  const url = urlOf(leg)
  const body = leg.body()
  const mimeType = headerValue(leg.headers, 'content-type') ?? ''
  return {
    method: leg.method ?? 'POST',
    ...{ url, httpVersion, ...none },
    headers: pairs(leg.headers),
    queryString: [...new URL(url).searchParams].map(([name, value]) => ({ name, value })),
    ...(body.length > 0 && { postData: { mimeType, ...postText(body) } }),
    bodySize: body.length + leg.missing,
  }
}

/** A request's body has no field for its encoding. */
function postText(body: Uint8Array) {
  const found = bodyText(body)
  return 'text' in found ? found : { text: found.base64, _encoding: 'base64' }
}

/** Without an answer the status is 0, as browsers write it. */
function responseOf(leg: LegView | null) {
  const { headers = [] } = leg ?? {}
  const body = leg?.body() ?? new Uint8Array(0)
  const size = body.length + (leg?.missing ?? 0)
  const found = bodyText(body)
  const text = 'text' in found ? found : { text: found.base64, encoding: 'base64' }
  return {
    status: leg?.status ?? 0,
    statusText: STATUS_CODES[leg?.status ?? 0] ?? '',
    ...{ httpVersion, ...none },
    headers: pairs(headers),
    content: { size, mimeType: headerValue(headers, 'content-type') ?? 'x-unknown', ...text },
    redirectURL: headerValue(headers, 'location') ?? '',
    bodySize: leg ? size : -1,
  }
}

/** Milliseconds: until the request had passed, until the answer began, until it was over. */
function timingsOf(startedNs: number, { request, answer }: OneSide) {
  const sentNs = request.end?.atNs ?? request.chunks.at(-1)?.atNs ?? startedNs
  const begunNs = answer?.headAtNs ?? answer?.chunks[0]?.atNs ?? null
  const endNs = answer?.end?.atNs ?? answer?.chunks.at(-1)?.atNs ?? begunNs
  const since = (from: number, to: number | null | undefined) =>
    round(Math.max(0, ((to ?? from) - from) / 1e6))
  return {
    send: since(startedNs, sentNs),
    wait: since(sentNs, begunNs),
    receive: begunNs === null ? 0 : since(Math.max(begunNs, sentNs), endNs),
  }
}

function ownWords(exchange: ExchangeView, { request, answer, protocol, attempt }: OneSide) {
  const since = (atNs: number) => Math.round(atNs - exchange.openedAtNs)
  const chunks = (leg: LegView | null) =>
    leg?.chunks.map(({ atNs, bytes }) => [since(atNs), bytes.length]) ?? []
  return {
    exchange: exchange.id,
    ...{ session: exchange.session, turn: exchange.turn, client_app: exchange.clientApp, protocol },
    ...(attempt && { attempt: attempt.number, backend: attempt.backend, model: attempt.model }),
    chunks: chunks(answer),
    request_chunks: chunks(request),
    ended: answer?.end?.why ?? null,
    missing_bytes: request.missing + (answer?.missing ?? 0),
    outcome: exchange.closed?.outcome ?? null,
    attempts: exchange.closed?.attempts ?? [],
  }
}

function pairs(headers: HeaderPairs) {
  return headers.map(([name, value]) => ({ name, value }))
}

function round(ms: number): number {
  return Math.round(ms * 1e6) / 1e6
}
