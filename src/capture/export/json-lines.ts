import type { Leg } from '../../core/exchange.ts'
import { printableJson } from '../../core/printable.ts'
import type { InterpretationRecord } from '../format/records.ts'
import type { ExchangeView, LegView } from '../view/view.ts'
import { bodyText } from './body-text.ts'
import type { Exporter, ExportSettings, ExportSide } from './exporter.ts'

/** One exchange a line, with everything that is known of it. Times are nanoseconds since it opened. */
export function jsonLinesExporter({ side, legs = null }: ExportSettings): Exporter {
  return {
    begin: () => '',
    exchange: (exchange) => `${printableJson(lineOf(exchange, side, legs))}\n`,
    end: () => '',
  }
}

function lineOf(exchange: ExchangeView, side: ExportSide | null, meant: ReadonlySet<Leg> | null) {
  const { id, protocol, session, turn, clientApp, requestedModel, stream, file, version } = exchange
  return {
    exchange: id,
    opened_at: new Date(exchange.openedAtNs / 1e6).toISOString(),
    ...{ session, turn, protocol, client_app: clientApp, requested_model: requestedModel, stream },
    ...{ file, format: version, entries: [exchange.entries.first, exchange.entries.last] },
    is_closed: exchange.closed !== null,
    interpretation: exchange.closed && interpretationOf(exchange.closed),
    attempts: exchange.attempts.map(({ number, backend, backendType, model, protocol: spoken }) => ({
      ...{ number, backend, backend_type: backendType, model, protocol: spoken },
    })),
    legs: legsOf(exchange, side)
      .filter(({ leg }) => meant?.has(leg) ?? true)
      .map((leg) => legOf(exchange, leg)),
  }
}

/** Without what a record is found by. */
function interpretationOf({ k: _kind, x: _id, t: _time, ...told }: InterpretationRecord) {
  return told
}

function legsOf({ ctp, ptc, attempts }: ExchangeView, side: ExportSide | null): LegView[] {
  const client = side === 'backend' ? [] : [ctp, ptc]
  const backend = side === 'client' ? [] : attempts.flatMap(({ ptb, btp }) => [ptb, btp])
  return [client[0], ...backend, client[1]].filter((leg) => leg !== null && leg !== undefined)
}

function legOf({ openedAtNs }: ExchangeView, leg: LegView) {
  const since = (atNs: number | null | undefined) => (atNs == null ? null : Math.round(atNs - openedAtNs))
  const body = bodyText(leg.body())
  const { method, url, status, headers, missing, end } = leg
  return {
    ...{ leg: leg.leg, attempt: leg.attempt },
    ...(method !== null && { method, url }),
    ...(status !== null && { status }),
    ...{ headers, head_at_ns: since(leg.headAtNs) },
    chunks: leg.chunks.map((chunk) => [since(chunk.atNs), chunk.bytes.length]),
    ...('text' in body ? { body: body.text } : { body_base64: body.base64 }),
    missing_bytes: missing,
    end: end && { why: end.why, at_ns: since(end.atNs), error: end.error },
  }
}
