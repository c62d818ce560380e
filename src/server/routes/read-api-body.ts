import type { IncomingMessage } from 'node:http'
import { ProxyError } from '../../core/errors.ts'
import { isObject, type JsonObject } from '../../core/json.ts'

/** Far more than any request to the proxy's own API needs. */
const mostBytes = 65_536

/** The JSON object in the body of a request to the proxy's own API. Throws `bad_request` and `body_too_large`. */
export async function readApiBody(request: IncomingMessage): Promise<JsonObject> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length
    if (length > mostBytes)
      throw new ProxyError('body_too_large', `the body is larger than ${mostBytes} bytes`)
    chunks.push(chunk)
  }
  const body = parsed(Buffer.concat(chunks).toString('utf8'))
  if (!isObject(body)) throw new ProxyError('bad_request', 'the body must be a JSON object')
  return body
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new ProxyError('bad_request', 'the body is no JSON', { cause })
  }
}
