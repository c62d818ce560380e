import type { IncomingMessage } from 'node:http'
import { ProxyError } from '../../core/errors.ts'
import { arrayAt, isObject, type Json, type JsonObject, stringAt } from '../../core/json.ts'
import type { ProtocolName } from '../../core/protocol-name.ts'
import type { Prompt } from './prompt.ts'
import { anthropicPrompt } from './prompts/anthropic.ts'
import { chatPrompt } from './prompts/chat.ts'
import { geminiPrompt } from './prompts/gemini.ts'
import { responsesPrompt } from './prompts/responses.ts'

const mostBodyBytes = 256 * 2 ** 20

/** The whole body of a request. */
export async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = []
  let length = 0
  for await (const part of request) {
    const bytes: Buffer = part
    length += bytes.length
    if (length > mostBodyBytes)
      throw new ProxyError('body_too_large', 'the demo reads bodies of up to 256 MB')
    parts.push(bytes)
  }
  return Buffer.concat(parts)
}

export function jsonOf(bytes: Buffer): JsonObject {
  let body: Json
  try {
    body = JSON.parse(bytes.toString())
  } catch (cause) {
    throw new ProxyError('bad_json', 'the body is not JSON; check its quotes, commas and brackets', { cause })
  }
  if (!isObject(body))
    throw new ProxyError('bad_json', 'the body is not a JSON object; send one with a `model`')
  return body
}

/** The prompt of a request, which must have what its protocol cannot do without. */
export function promptOf(body: JsonObject, protocol: ProtocolName): Prompt {
  switch (protocol) {
    case 'openai-chat':
      need(arrayAt(body, 'messages') !== undefined, 'messages', 'a list of messages')
      return chatPrompt(body)
    case 'openai-responses':
      need(
        (stringAt(body, 'input') ?? arrayAt(body, 'input')) !== undefined,
        'input',
        'a text or a list of items',
      )
      refuseStoredState(body)
      return responsesPrompt(body)
    case 'anthropic-messages':
      need(arrayAt(body, 'messages') !== undefined, 'messages', 'a list of messages')
      return anthropicPrompt(body)
    case 'gemini': {
      const prompt = geminiPrompt(body)
      need(prompt.texts.length > 0 || body.contents !== undefined, 'contents', 'a list of contents')
      return prompt
    }
  }
}

function need(holds: boolean, param: string, what: string): void {
  if (!holds)
    throw new ProxyError('bad_request', `\`${param}\` is missing or wrong; it must be ${what}`, { param })
}

function refuseStoredState(body: JsonObject): void {
  if (body.previous_response_id === undefined || body.previous_response_id === null) return
  throw new ProxyError(
    'bad_request',
    'the demo keeps no responses; send the whole conversation in `input` instead of `previous_response_id`',
    { param: 'previous_response_id' },
  )
}
