import type { Call } from '../../../core/call.ts'
import type { JsonObject } from '../../../core/json.ts'
import { Lost } from '../../../core/losses.ts'
import type { EncodedRequest, TranslationTarget } from '../../../core/protocol.ts'
import { messagesNames, TargetNames } from '../../translation/tool-target-names.ts'
import { limitBreakpoints } from './cache-breakpoints.ts'
import { closedConversation, encodeConversation } from './encode-conversation.ts'
import { encodeIdentity, loseUnsaid } from './encode-hints.ts'
import { encodeOutput } from './encode-output.ts'
import { encodeSampling } from './encode-sampling.ts'
import { encodeThinking } from './encode-thinking.ts'
import { encodeTools } from './encode-tools.ts'
import { requestEncoding } from './request-encoding.ts'

/**
 * A call for a backend of Anthropic's Messages. No cache breakpoint is added that the client did not set: writing a
 * cache costs more than not having one, and only the client knows what it will send again.
 */
export function encodeMessagesRequest(call: Call, target: TranslationTarget): EncodedRequest {
  const { model, backendType } = target
  const lost = new Lost<'request', 'anthropic-messages'>()
  const names = new TargetNames(messagesNames)
  const encoding = requestEncoding({ call, backendType, model, lost, names })
  loseUnsaid(encoding)
  const output = encodeOutput(encoding)
  const tools = encodeTools(encoding, output)
  const { system, messages } = encodeConversation(encoding)
  if (output.sentence !== null) system.push({ type: 'text', text: output.sentence })
  const maxTokens = call.maxOutputTokens ?? encoding.family.maxOutputTokens
  const { thinking, effort } = encodeThinking(encoding, { messages, maxTokens, forced: tools.forced })
  const thinks = thinking !== undefined && thinking.type !== 'disabled'
  const outputConfig = { ...(effort && { effort }), ...(output.format && { format: output.format }) }
  const body: JsonObject = {
    model,
    max_tokens: maxTokens,
    ...(system.length > 0 && { system }),
    messages: closedConversation(messages, { ...encoding, thinks }),
    ...(tools.tools.length > 0 && { tools: tools.tools }),
    ...(tools.choice !== undefined && { tool_choice: tools.choice }),
    ...(thinking !== undefined && { thinking }),
    ...(Object.keys(outputConfig).length > 0 && { output_config: outputConfig }),
    ...encodeSampling(encoding, thinks),
    ...encodeIdentity(encoding),
    stream: call.stream,
  }
  if (limitBreakpoints(body)) lost.lose('cache_control')
  const edits = {
    toolNames: names.original,
    wrappedTools: tools.wrapped,
    answerTool: output.tool?.name ?? null,
  }
  return { body, lost: lost.items, edits }
}
