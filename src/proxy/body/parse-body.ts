import { ProxyError } from '../../core/errors.ts'
import { isObject, type Json, type JsonObject } from '../../core/json.ts'

/** A request body as JSON. Errors: `bad_json`, `bad_request` (not an object). */
export function parseBody(bytes: Buffer): JsonObject {
  if (bytes.length === 0) throw new ProxyError('bad_json', 'the body is empty; send a JSON object')
  let body: Json
  try {
    body = JSON.parse(bytes.toString('utf8')) as Json
  } catch (cause) {
    const where = cause instanceof Error ? cause.message.replace(/, ".*$/s, '') : ''
    throw new ProxyError('bad_json', `the body is not JSON: ${where}`, { cause })
  }
  if (!isObject(body)) {
    throw new ProxyError(
      'bad_request',
      'the body is JSON but not an object; send an object with "model" and the messages',
    )
  }
  return body
}
