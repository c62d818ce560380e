import type { Citation } from '../../../core/call.ts'
import type { ChoiceEnd, StopReason, TokenLogprob } from '../../../core/event.ts'
import type { JsonObject } from '../../../core/json.ts'
import { Lost } from '../../../core/losses.ts'
import type { AnswerAbout } from '../../../core/protocol.ts'

/** What an answer loses on its way to a chat client. */
export class ChatAnswerLost extends Lost<'answer', 'openai-chat'> {}

const finishReasons: Readonly<Record<StopReason, string>> = {
  stop: 'stop',
  tool: 'tool_calls',
  length: 'length',
  filter: 'content_filter',
  pause: 'stop',
  error: 'stop',
}

export function finishReason({ reason, stopSequence }: ChoiceEnd, lost: ChatAnswerLost): string {
  if (reason === 'pause') lost.lose('answer_pause')
  if (stopSequence !== undefined) lost.lose('answer_stop_sequence')
  return finishReasons[reason]
}

/** The id of an answer, made of the exchange's: the same in every chunk. */
export function answerId({ exchangeId }: AnswerAbout): string {
  return `chatcmpl-${bareId(exchangeId)}`
}

export function audioId({ exchangeId }: AnswerAbout): string {
  return `audio_${bareId(exchangeId)}`
}

function bareId(exchangeId: string): string {
  return exchangeId.replace(/^x_/, '')
}

/** A citation as an annotation; one that has no URL has no place. `content` is OpenRouter's for the source's words. */
export function annotations(
  citations: readonly Citation[],
  textLength: number,
  lost: ChatAnswerLost,
): JsonObject[] {
  return citations.flatMap(({ url, title, quote, start, end }) => {
    if (url === null) {
      lost.lose('answer_citation')
      return []
    }
    const place = { start_index: start ?? 0, end_index: end ?? textLength }
    const url_citation = { url, title: title ?? url, ...(quote !== null && { content: quote }), ...place }
    return [{ type: 'url_citation', url_citation }]
  })
}

export function encodeLogprobs(tokens: readonly TokenLogprob[]): JsonObject {
  return {
    content: tokens.map(({ top, ...token }) => ({ ...token, top_logprobs: top })),
    refusal: null,
  }
}

export function imageOf({ mediaType, data }: { mediaType: string; data: string }): JsonObject {
  return { type: 'image_url', image_url: { url: `data:${mediaType};base64,${data}` } }
}
