import type { Call } from '../../../core/call.ts'
import { isObject, type JsonObject } from '../../../core/json.ts'
import type { RequestPlace } from '../../../core/protocol.ts'
import { filled } from '../../substance.ts'
import { emptyCall } from '../../translation/empty-call.ts'
import { decodeMessages, decodeSystem } from './decode-messages.ts'
import { decodeOutput, decodeThinking } from './decode-thinking.ts'
import { decodeToolChoice, decodeTools } from './decode-tools.ts'
import {
  numberParameter,
  otherParameters,
  type Specials,
  stringParameter,
  stringsParameter,
} from './request-parameters.ts'

/** A request of Anthropic's Messages in canonical words. */
export function decodeMessagesRequest(body: JsonObject, place: RequestPlace): Call {
  const special = otherParameters(body)
  return {
    ...emptyCall({ model: filled(body.model) ?? place.model, stream: body.stream === true }),
    messages: [...decodeSystem(body.system, special), ...decodeMessages(body.messages, special)],
    tools: decodeTools(body.tools, special),
    ...decodeToolChoice(body.tool_choice),
    output: decodeOutput(body),
    maxOutputTokens: numberParameter(body, 'max_tokens'),
    temperature: numberParameter(body, 'temperature'),
    topP: numberParameter(body, 'top_p'),
    topK: numberParameter(body, 'top_k'),
    stop: stringsParameter(body, 'stop_sequences'),
    reasoning: decodeThinking(body, special),
    userId: decodeUserId(body, special),
    serviceTier: stringParameter(body, 'service_tier'),
    special,
  }
}

function decodeUserId({ metadata }: JsonObject, special: Specials): string | null {
  if (!isObject(metadata)) return null
  for (const key of Object.keys(metadata)) {
    if (key !== 'user_id') special.push({ loss: 'metadata', param: `metadata.${key}` })
  }
  return filled(metadata.user_id) ?? null
}
