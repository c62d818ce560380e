import { type Json, stringAt } from '../../core/json.ts'
import { ownHeaders } from '../answer/own-headers.ts'
import type { ExchangeRun } from '../exchange-run.ts'
import type { StoredResponse } from './stored-responses.ts'

const pattern = /^\/v1\/responses\/(resp_[^/]+)(\/input_items)?$/

/**
 * Answers `GET` and `DELETE /v1/responses/{id}` and its `input_items`, where the answer is one that we keep for this
 * owner. False for everything else, which is the provider's.
 */
export function answerStored(run: ExchangeRun, owner: string | null): boolean {
  const { call, exchange, services } = run
  const [, id, wantsItems] = pattern.exec(call.route.path) ?? []
  if (call.route.protocol !== 'openai-responses' || id === undefined) return false
  const stored = services.storedResponses.find(owner, id)
  if (stored === undefined) return false
  if (exchange.method === 'GET') {
    answer(run, wantsItems ? itemList(stored, id, new URLSearchParams(call.route.query)) : stored.response)
    return true
  }
  if (exchange.method !== 'DELETE' || wantsItems) return false
  services.storedResponses.remove(owner, id)
  answer(run, { id, object: 'response', deleted: true })
  return true
}

function answer({ exchange, outlet, observation }: ExchangeRun, body: Json): void {
  exchange.receivedNs ??= observation.nowNs()
  const bytes = Buffer.from(JSON.stringify(body))
  outlet.head(200, [
    ['content-type', 'application/json'],
    ['x-request-id', exchange.id],
    ...ownHeaders(exchange),
    ['content-length', String(bytes.length)],
  ])
  outlet.end(bytes)
  observation.passed('PTC', bytes, observation.nowNs())
}

/** OpenAI's list: newest first unless asked otherwise, from behind `after`, at most `limit`. */
function itemList({ input }: StoredResponse, id: string, query: URLSearchParams): Json {
  const named = input.map((item, index) => {
    const known = stringAt(item, 'id') ?? `item_${id.slice('resp_'.length)}_${index}`
    return typeof item === 'object' && item !== null && !Array.isArray(item) ? { ...item, id: known } : item
  })
  const ordered = query.get('order') === 'asc' ? named : named.reverse()
  const after = query.get('after')
  const from = after === null ? 0 : ordered.findIndex((item) => stringAt(item, 'id') === after) + 1
  const limit = Math.min(100, Math.max(1, Number(query.get('limit')) || 20))
  const data = ordered.slice(from, from + limit)
  const idOf = (item: Json | undefined): Json => stringAt(item, 'id') ?? null
  return {
    object: 'list',
    data,
    first_id: idOf(data[0]),
    last_id: idOf(data.at(-1)),
    has_more: from + limit < ordered.length,
  }
}
