import type { Call } from '../../../core/call.ts'
import type { Json, JsonObject } from '../../../core/json.ts'
import type { EncodedRequest, TranslationTarget } from '../../../core/protocol.ts'
import { type ChatEncoding, chatEncoding, usesNewerNames } from './chat-encoding.ts'
import { encodeAccount } from './encode-account.ts'
import { encodeMessages } from './encode-messages.ts'
import { encodeOutput } from './encode-output.ts'
import { encodeReasoning } from './encode-reasoning.ts'
import { encodeSampling } from './encode-sampling.ts'
import { encodeTools } from './encode-tools.ts'

/** A call as a chat completion's request, in the dialect of the backend. */
export function encodeChatRequest(call: Call, target: TranslationTarget): EncodedRequest {
  const encoding = chatEncoding(call, target)
  const { lost, names, wrapped } = encoding
  for (const { loss, param } of call.special) lost.loseSpecial(loss, param)
  if (call.previousResponseId !== null) lost.lose('previous_response_id')
  const { format, sentence } = encodeOutput(encoding)
  const body = withoutAbsent({
    model: target.model,
    messages: encodeMessages(sentence === null ? call : withInstruction(call, sentence), encoding),
    ...encodeTools(encoding),
    response_format: format,
    ...encodeLimit(encoding),
    ...encodeSampling(encoding),
    ...encodeReasoning(encoding),
    n: call.choices,
    logprobs: call.logprobs === null ? null : true,
    top_logprobs: call.logprobs?.top ? call.logprobs.top : null,
    ...encodeAccount(encoding),
    stream: call.stream,
    stream_options: call.stream && target.askForUsage ? { include_usage: true } : null,
  })
  return {
    body,
    lost: lost.items,
    edits: { toolNames: names.original, wrappedTools: wrapped, answerTool: null },
  }
}

function withoutAbsent(members: Record<string, Json | undefined>): JsonObject {
  return Object.fromEntries(
    Object.entries(members).filter(([, value]) => value !== null && value !== undefined),
  )
}

function encodeLimit(encoding: ChatEncoding): JsonObject {
  const name = usesNewerNames(encoding) ? 'max_completion_tokens' : 'max_tokens'
  return { [name]: encoding.call.maxOutputTokens }
}

/** The call with one more instruction, behind those that it begins with. */
function withInstruction(call: Call, text: string): Call {
  const first = call.messages.findIndex(({ role }) => role !== 'system')
  const at = first < 0 ? call.messages.length : first
  return {
    ...call,
    messages: call.messages.toSpliced(at, 0, { role: 'system', parts: [{ type: 'text', text }] }),
  }
}
