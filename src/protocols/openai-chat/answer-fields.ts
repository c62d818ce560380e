import type { Citation } from '../../core/call.ts'
import type { StopReason, TokenLogprob } from '../../core/event.ts'
import type { JsonObject } from '../../core/json.ts'
import type { AnswerAbout } from '../../core/protocol.ts'

const finishReasons: Readonly<Record<StopReason, string>> = {
  stop: 'stop',
  tool: 'tool_calls',
  length: 'length',
  filter: 'content_filter',
  pause: 'stop',
  error: 'stop',
}

export function finishReason(reason: StopReason): string {
  return finishReasons[reason]
}

/** The id of an answer, made of the exchange's: the same in every chunk. */
export function answerId({ exchangeId }: AnswerAbout): string {
  return `chatcmpl-${exchangeId.replace(/^x_/, '')}`
}

/** A citation as an annotation; undefined for one that has no URL. */
export function annotation({ url, title, start, end }: Citation, textLength: number): JsonObject | undefined {
  if (url === null) return undefined
  const url_citation = { url, title: title ?? url, start_index: start ?? 0, end_index: end ?? textLength }
  return { type: 'url_citation', url_citation }
}

export function encodeLogprobs(tokens: readonly TokenLogprob[]): JsonObject {
  return {
    content: tokens.map(({ top, ...token }) => ({ ...token, top_logprobs: top })),
    refusal: null,
  }
}

/** A state that only the model can read, in the form that OpenRouter gave such details and its clients echo. */
export function reasoningDetail(data: string, index: number): JsonObject {
  return { type: 'reasoning.encrypted', data, id: null, format: 'llmproxy', index }
}

/** Where Google's own OpenAI endpoint puts a thought signature. */
export function signatureHolder(thought_signature: string): JsonObject {
  return { extra_content: { google: { thought_signature } } }
}
