import { arrayAt, type Json } from '../../core/json.ts'
import { jsonPlaces } from '../body/json-places.ts'
import { parseBody } from '../body/parse-body.ts'
import type { StoredResponse } from './stored-responses.ts'

/**
 * A request that goes on from an answer that only we know, with all of its conversation in it: what was asked before,
 * what was answered, and the new input. Everything else stays as the client wrote it. The instructions of the earlier
 * request are not carried over (platform.openai.com/docs/api-reference/responses/create, `previous_response_id`).
 */
export function expandPrevious(bytes: Buffer, { response, input }: StoredResponse): Buffer {
  const asked = parseBody(bytes).input
  const items: Json[] = [...input, ...(arrayAt(response, 'output') ?? []), ...inputItems(asked)]
  const { members, objectEnd } = jsonPlaces(bytes)
  const parts: (Buffer | string)[] = []
  let at = 0
  for (const { key, valueStart, valueEnd } of members) {
    if (key !== 'input' && key !== 'previous_response_id') continue
    parts.push(bytes.subarray(at, valueStart), key === 'input' ? JSON.stringify(items) : 'null')
    at = valueEnd
  }
  if (!members.some(({ key }) => key === 'input')) {
    parts.push(bytes.subarray(at, objectEnd), `,"input":${JSON.stringify(items)}`)
    at = objectEnd
  }
  parts.push(bytes.subarray(at))
  return Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : part)))
}

/** A request's input as items. */
export function inputItems(input: Json | undefined): Json[] {
  if (Array.isArray(input)) return input
  if (typeof input !== 'string' || input === '') return []
  return [{ type: 'message', role: 'user', content: [{ type: 'input_text', text: input }] }]
}
