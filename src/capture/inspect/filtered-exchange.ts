import { legs } from '../../core/exchange.ts'
import { headerValue } from '../../core/http.ts'
import { protocolNames } from '../../core/protocol-name.ts'
import type { NumberSource, SubjectKind, TextSource, Unit } from '../../filters/subject.ts'
import { detectors } from '../detectors/index.ts'
import type { LegView } from '../view/view.ts'
import type { InspectedExchange } from './inspected-exchange.ts'

type Text = [name: string, source: TextSource<InspectedExchange>]
type Numeric = [name: string, source: NumberSource<InspectedExchange>]

/** The original's types beside our codes. */
const issueNames = [
  ...new Set(detectors.flatMap(({ code, legacyType }) => (legacyType ? [code, legacyType] : [code]))),
]

/** Captured exchanges as filters ask for them: mitmproxy's words, and those of `usage recent --filter`. */
export const filteredExchange: SubjectKind<InspectedExchange> = {
  noun: 'a captured exchange',
  texts: new Map([
    text('id', ({ view }) => view.id),
    text('session', ({ view }) => view.session),
    text('model', ({ model }) => model),
    text('requested_model', ({ view }) => view.requestedModel),
    texts('backend', ({ view }) =>
      view.attempts.flatMap(({ backend, backendType }) => known([backend, backendType])),
    ),
    text('app', ({ view }) => view.clientApp),
    texts('tool', ({ tools }) => tools),
    texts('issue', ({ issues }) => issues.flatMap(({ code, type }) => [code, type]), issueNames),
    texts('leg', (x) => x.legs.map(({ leg }) => leg), legs),
    text('error', ({ view }) => view.closed?.error ?? null),
    text('outcome', ({ view }) => view.closed?.outcome ?? null, [
      ...['complete', 'incomplete', 'error', 'rejected'],
    ]),
    text('reason', ({ view }) => view.closed?.incomplete_reason ?? null),
    text('frontend', ({ view }) => view.protocol, protocolNames),
    text('purpose', ({ purpose }) => purpose),
    text('stream', ({ view }) => String(view.stream), ['true', 'false']),
    text('file', ({ view }) => view.file),
    texts('url', (x) => known(x.legs.map(({ url }) => url))),
    texts('method', (x) => known(x.legs.map(({ method }) => method))),
    texts('domain', (x) => x.legs.flatMap(domainsOf)),
    texts('header', (x) => x.legs.flatMap(headerLines)),
    texts('request_header', (x) => requestLegs(x).flatMap(headerLines)),
    texts('response_header', (x) => answerLegs(x).flatMap(headerLines)),
    texts('content_type', (x) => x.legs.flatMap(contentTypes)),
    texts('request_content_type', (x) => requestLegs(x).flatMap(contentTypes)),
    texts('response_content_type', (x) => answerLegs(x).flatMap(contentTypes)),
    texts('body', (x) => x.legs.map(bodyText)),
    texts('request_body', (x) => requestLegs(x).map(bodyText)),
    texts('response_body', (x) => answerLegs(x).map(bodyText)),
  ]),
  numbers: new Map([
    number('status', 'plain', ({ status }) => status),
    number('ttft', 'duration', ({ ttftMs }) => ttftMs),
    number('dur', 'duration', ({ durationMs }) => durationMs),
    number('duration', 'duration', ({ durationMs }) => durationMs),
    number('gap', 'duration', ({ gapMs }) => gapMs),
    number('bytes', 'bytes', ({ requestBytes, answerBytes }) => sum(requestBytes, answerBytes)),
    number('in_bytes', 'bytes', ({ requestBytes }) => requestBytes),
    number('out_bytes', 'bytes', ({ answerBytes }) => answerBytes),
    number('in_tokens', 'count', ({ inTokens }) => inTokens),
    number('out_tokens', 'count', ({ outTokens }) => outTokens),
    number('cost', 'usd', ({ costUsd }) => costUsd),
    number('chunks', 'count', ({ chunks }) => chunks),
    number('attempts', 'plain', ({ view }) => view.attempts.length),
    number('turn', 'plain', ({ view }) => view.turn),
    number('tools', 'count', ({ tools }) => tools.length),
    number('entry', 'plain', ({ view }) => view.entries.first),
  ]),
  facts: new Map([
    ['failed', (x: InspectedExchange) => x.isFailed],
    ['answered', (x: InspectedExchange) => x.isAnswered],
    ['unanswered', (x: InspectedExchange) => !x.isAnswered],
  ]),
  *shown({ view, model, backend, status }) {
    const { closed } = view
    const cells = [
      ...[view.id, view.session, view.clientApp, view.protocol, view.requestedModel, model, backend],
      ...[status === null ? null : String(status), closed?.outcome, closed?.incomplete_reason, closed?.error],
      ...view.attempts.map((attempt) => attempt.backend),
    ]
    for (const cell of cells) if (cell !== null && cell !== undefined) yield cell
  },
}

function requestLegs({ view }: InspectedExchange): LegView[] {
  return [view.ctp, ...view.attempts.map(({ ptb }) => ptb)].filter((leg) => leg !== null)
}

function answerLegs({ view }: InspectedExchange): LegView[] {
  return [...view.attempts.map(({ btp }) => btp), view.ptc].filter((leg) => leg !== null)
}

/** As they stand on the wire: a pattern may be of a name, of a value or of both. */
function headerLines({ headers }: LegView): string[] {
  return headers.map(([name, value]) => `${name}: ${value}`)
}

function contentTypes({ headers }: LegView): string[] {
  return known([headerValue(headers, 'content-type') ?? null])
}

export function bodyText(leg: LegView): string {
  const bytes = leg.body()
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')
}

/** Of requests: whom they were sent to. */
function domainsOf({ url, headers }: LegView): string[] {
  const [, host] = /^[a-z]+:\/\/(?:[^/?#]*@)?([^/?#]+)/i.exec(url ?? '') ?? []
  return known([host ?? headerValue(headers, 'host') ?? null])
}

function known(values: readonly (string | null)[]): string[] {
  return values.filter((value) => value !== null)
}

function sum(one: number | null, other: number | null): number | null {
  return one === null && other === null ? null : (one ?? 0) + (other ?? 0)
}

function text(name: string, value: (x: InspectedExchange) => string | null, oneOf?: readonly string[]): Text {
  const values = (x: InspectedExchange) => {
    const found = value(x)
    return found === null ? null : [found]
  }
  return [name, { values, ...(oneOf && { oneOf }) }]
}

function texts(
  name: string,
  values: (x: InspectedExchange) => readonly string[],
  oneOf?: readonly string[],
): Text {
  return [name, { values, ...(oneOf && { oneOf }) }]
}

function number(name: string, unit: Unit, value: (x: InspectedExchange) => number | null): Numeric {
  return [name, { unit, value }]
}
