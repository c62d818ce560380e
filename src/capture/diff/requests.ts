import type { Call } from '../../core/call.ts'
import { isObject, type Json } from '../../core/json.ts'
import { readRequest } from '../view/read-request.ts'
import type { RequestReading } from '../view/reading.ts'
import type { LegView } from '../view/view.ts'
import { asDifferences } from './as-differences.ts'
import { bodyDifference } from './bodies.ts'
import { callJson, callOutline } from './call-json.ts'
import { compareHeaders } from './compared-headers.ts'
import type { CompareLevel, Difference } from './difference.ts'
import { jsonDifferences } from './json-differences.ts'
import { withoutVolatile } from './volatile-fields.ts'

/** A request leg with its head, and what it asks. */
export interface ComparedRequest {
  leg: LegView
  protocol: string | null
  reading: RequestReading
}

export function comparedRequest(leg: LegView, protocol: string | null): ComparedRequest {
  return { leg, protocol, reading: readRequest(leg, protocol) }
}

/** What is not the same; `semantic` across protocols compares what both decode to. `events` is `semantic` within one. */
export function compareRequests(
  before: ComparedRequest,
  after: ComparedRequest,
  level: CompareLevel,
): Difference[] {
  const isTranslated = before.protocol !== after.protocol
  const heads =
    level === 'structure' || isTranslated
      ? []
      : [...urls(before.leg, after.leg), ...compareHeaders('request', before.leg.headers, after.leg.headers)]
  return [...heads, ...bodies(before, after, level, isTranslated)]
}

function urls(before: LegView, after: LegView): Difference[] {
  // Files of the original say of some requests nothing, and of others no host.
  if (before.url === null || after.url === null) return []
  const haveHosts = [before, after].every(({ url }) => origin.test(url ?? ''))
  const [was, is] = [before, after].map(({ method, url }) => {
    const path = pathOf(url)
    return `${method ?? ''} ${haveHosts ? path : path.replace(origin, '')}`
  })
  return was === is ? [] : [{ path: 'url', kind: 'url', before: was, after: is }]
}

const origin = /^[a-z]+:\/\/[^/]*/i

/** Without the parameters whose secrets are overwritten, differently in each run. */
function pathOf(url: string | null): string {
  return (url ?? '').replace(/([?&](?:key|api_key|api-key|access_token|sig)=)[^&#]*/gi, '$1')
}

function bodies(
  { leg: was, reading: before }: ComparedRequest,
  { leg: is, reading: after }: ComparedRequest,
  level: CompareLevel,
  isTranslated: boolean,
): Difference[] {
  if (level === 'bytes') return bodyDifference(was.body(), is.body())
  const inWords = level === 'structure' || isTranslated
  if (inWords && before.call && after.call) {
    const say: (call: Call) => Json = level === 'structure' ? callOutline : callJson
    return asDifferences(jsonDifferences(say(before.call), say(after.call)), 'body')
  }
  if (!isObject(before.json) || !isObject(after.json)) return bodyDifference(was.body(), is.body())
  const clean = () => withoutVolatile('request')
  return asDifferences(jsonDifferences(clean()(before.json), clean()(after.json)), 'body')
}
