import { isObject, type Json } from '../../../core/json.ts'
import { readAnswer } from '../../view/read-answer.ts'
import { readRequest } from '../../view/read-request.ts'
import type { ExchangeView } from '../../view/view.ts'

/** The response that a request of the Responses API goes on from; null: none. */
export function askedResponseId({ ctp, protocol }: ExchangeView): string | null {
  if (ctp === null || protocol !== 'openai-responses') return null
  const { json } = readRequest(ctp, protocol)
  const id = isObject(json) ? json.previous_response_id : undefined
  return typeof id === 'string' ? id : null
}

/** The id of the response that the client got. */
export function givenResponseId({ ptc, protocol, stream }: ExchangeView): string | null {
  if (ptc === null || protocol !== 'openai-responses') return null
  const reading = readAnswer(ptc, protocol, stream)
  if (!reading.isStream) return idOf(reading.json)
  for (const { json } of reading.raw) {
    const id = isObject(json) ? idOf(json.response) : null
    if (id !== null) return id
  }
  return null
}

function idOf(response: Json | undefined): string | null {
  return isObject(response) && typeof response.id === 'string' ? response.id : null
}

/** The same request, going on from the response that came this time. All other bytes stay as they are. */
export function goingOnFrom(body: Uint8Array, recordedId: string, newId: string): Uint8Array {
  const before = JSON.stringify(recordedId).replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')
  const member = new RegExp(`("previous_response_id"\\s*:\\s*)${before}`)
  const text = Buffer.from(body).toString('utf8')
  return Buffer.from(text.replace(member, (_, name: string) => name + JSON.stringify(newId)))
}
