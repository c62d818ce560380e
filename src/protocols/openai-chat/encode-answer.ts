import type { Answer, AnswerChoice } from '../../core/answer.ts'
import type { TextPart, ToolCallPart } from '../../core/call.ts'
import type { JsonObject } from '../../core/json.ts'
import { Lost } from '../../core/losses.ts'
import type { AnswerAbout, EncodedAnswer } from '../../core/protocol.ts'
import { stateForClient } from '../translation/reasoning-state.ts'
import { chatIds, idForClient, inventedId } from '../translation/tool-call-ids.ts'
import { tellsMore } from '../translation/usage-details.ts'
import {
  annotation,
  answerId,
  encodeLogprobs,
  finishReason,
  reasoningDetail,
  signatureHolder,
} from './answer-fields.ts'
import { chatUsageParts, encodeChatUsage } from './encode-usage.ts'

type ChatAnswerLost = Lost<'answer', 'openai-chat'>

/** A whole answer as a `chat.completion`. */
export function encodeChatAnswer(answer: Answer, about: AnswerAbout): EncodedAnswer {
  const lost: ChatAnswerLost = new Lost()
  if (tellsMore(answer.usage, chatUsageParts)) lost.lose('answer_usage_details')
  const body: JsonObject = {
    id: answerId(about),
    object: 'chat.completion',
    created: about.createdS,
    model: answer.model ?? about.source.model,
    choices: answer.choices.map((choice, index) => ({
      index,
      message: encodeMessage(choice, about, lost),
      logprobs: choice.logprobs.length === 0 ? null : encodeLogprobs(choice.logprobs),
      finish_reason: finishReason(choice.end.reason),
    })),
    ...(answer.usage && { usage: encodeChatUsage(answer.usage) }),
    ...(answer.usage?.serviceTier !== undefined && { service_tier: answer.usage.serviceTier }),
  }
  return { body, lost: lost.items }
}

function encodeMessage({ parts, end }: AnswerChoice, about: AnswerAbout, lost: ChatAnswerLost): JsonObject {
  if (end.reason === 'pause') lost.lose('answer_pause')
  if (end.stopSequence !== undefined) lost.lose('answer_stop_sequence')
  if (parts.some((part) => part.type === 'server_tool' && part.text !== '')) lost.lose('answer_server_tool')
  const said = parts.flatMap((part) =>
    part.type === 'text' || part.type === 'server_tool' ? [part.text] : [],
  )
  const text = said.join('')
  const refusal = parts.flatMap((part) => (part.type === 'refusal' ? [part.text] : [])).join('')
  const thoughts = parts.filter((part) => part.type === 'reasoning')
  const reasoning = thoughts.flatMap((part) => (part.text === '' ? [] : [part.text])).join('\n\n')
  const states = thoughts.flatMap(({ state }) =>
    state ? [stateForClient(state, about.source, 'openai-chat')] : [],
  )
  const calls = parts.filter((part) => part.type === 'tool_call')
  const texts = parts.filter((part): part is TextPart => part.type === 'text')
  const signature = texts.findLast((part) => part.state)?.state
  return {
    role: 'assistant',
    content: text === '' && (calls.length > 0 || refusal !== '') ? null : text,
    refusal: refusal === '' ? null : refusal,
    ...(reasoning !== '' && { reasoning_content: reasoning }),
    ...(states.length > 0 && { reasoning_details: states.map(reasoningDetail) }),
    ...(signature && signatureHolder(stateForClient(signature, about.source, 'openai-chat'))),
    ...(calls.length > 0 && { tool_calls: calls.map((call, index) => encodeCall(call, index, about)) }),
    annotations: annotationsOf(texts, lost),
    ...mediaOf(parts, about),
  }
}

function encodeCall(call: ToolCallPart, index: number, about: AnswerAbout): JsonObject {
  const id = call.id === '' ? inventedId(about.exchangeId, index) : idForClient(call.id, chatIds)
  const signature = call.state ? signatureHolder(stateForClient(call.state, about.source, 'openai-chat')) : {}
  const { name, arguments: args } = call
  return call.custom
    ? { id, type: 'custom', custom: { name, input: args }, ...signature }
    : { id, type: 'function', function: { name, arguments: args }, ...signature }
}

function annotationsOf(texts: readonly TextPart[], lost: ChatAnswerLost): JsonObject[] {
  const length = texts.reduce((sum, { text }) => sum + text.length, 0)
  return texts.flatMap(({ citations }) =>
    (citations ?? []).flatMap((citation) => {
      const made = annotation(citation, length)
      if (made === undefined) lost.lose('answer_citation')
      return made === undefined ? [] : [made]
    }),
  )
}

function mediaOf(parts: AnswerChoice['parts'], { exchangeId, createdS }: AnswerAbout): JsonObject {
  const media = parts.filter((part) => part.type === 'media')
  const images = media.filter(({ mediaType }) => mediaType.startsWith('image/'))
  const sound = media.find(({ mediaType }) => mediaType.startsWith('audio/'))
  const image_url = ({ mediaType, data }: { mediaType: string; data: string }) => ({
    url: `data:${mediaType};base64,${data}`,
  })
  return {
    ...(images.length > 0 && {
      images: images.map((part, index) => ({ type: 'image_url', index, image_url: image_url(part) })),
    }),
    ...(sound && {
      audio: {
        id: `audio_${exchangeId.replace(/^x_/, '')}`,
        data: sound.data,
        expires_at: createdS,
        transcript: sound.transcript ?? '',
      },
    }),
  }
}
