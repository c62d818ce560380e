import type { AnswerPart } from '../../../core/answer.ts'
import type { MediaPart, ReasoningPart, TextPart, ToolCallPart } from '../../../core/call.ts'
import type { JsonObject } from '../../../core/json.ts'
import type { AnswerAbout } from '../../../core/protocol.ts'
import { stateForClient } from '../../translation/reasoning-state.ts'
import { chatIds, idForClient, inventedId } from '../../translation/tool-call-ids.ts'
import { signatureHolder } from '../signature-holder.ts'
import { annotations, audioId, type ChatAnswerLost, imageOf } from './answer-fields.ts'
import { Thoughts } from './thoughts.ts'

/** All of a choice in the one message that chat has for it. */
export function encodeMessage(
  parts: readonly AnswerPart[],
  about: AnswerAbout,
  lost: ChatAnswerLost,
): JsonObject {
  const texts = parts.filter((part) => part.type === 'text')
  const calls = parts.filter((part) => part.type === 'tool_call')
  const media = parts.filter((part) => part.type === 'media')
  const text = wordsOf(parts, lost)
  const refusal = parts.flatMap((part) => (part.type === 'refusal' ? [part.text] : [])).join('')
  const citations = texts.flatMap((part) => part.citations ?? [])
  return {
    role: 'assistant',
    content: text === '' && (calls.length > 0 || refusal !== '') ? null : text,
    refusal: refusal === '' ? null : refusal,
    annotations: annotations(citations, text.length, lost),
    ...thoughtsOf(
      parts.filter((part) => part.type === 'reasoning'),
      about,
    ),
    ...signatureOf(texts, about),
    ...(calls.length > 0 && { tool_calls: calls.map((call, index) => encodeCall(call, index, about)) }),
    ...imagesOf(media),
    ...soundOf(media, about),
  }
}

function wordsOf(parts: readonly AnswerPart[], lost: ChatAnswerLost): string {
  let text = ''
  for (const part of parts) {
    if (part.type === 'text') text += part.text
    if (part.type !== 'server_tool' || part.text === '') continue
    text += part.text
    lost.lose('answer_server_tool')
  }
  return text
}

function thoughtsOf(parts: readonly ReasoningPart[], about: AnswerAbout): JsonObject {
  const thoughts = new Thoughts(about)
  const details: JsonObject[] = []
  let text = ''
  for (const part of parts) {
    text += thoughts.say(part.text)
    if (part.state) details.push(thoughts.detail(part.state, part.text === ''))
    thoughts.close()
  }
  return {
    ...(text !== '' && { reasoning_content: text }),
    ...(details.length > 0 && { reasoning_details: details }),
  }
}

function signatureOf(texts: readonly TextPart[], { source }: AnswerAbout): JsonObject {
  const state = texts.findLast((part) => part.state)?.state
  return state ? signatureHolder(stateForClient(state, source, 'openai-chat')) : {}
}

function encodeCall(call: ToolCallPart, index: number, { exchangeId, source }: AnswerAbout): JsonObject {
  const id = call.id === '' ? inventedId(exchangeId, index) : idForClient(call.id, chatIds)
  const signature = call.state ? signatureHolder(stateForClient(call.state, source, 'openai-chat')) : {}
  const { name, arguments: args } = call
  return call.custom
    ? { id, type: 'custom', custom: { name, input: args }, ...signature }
    : { id, type: 'function', function: { name, arguments: args }, ...signature }
}

function imagesOf(media: readonly MediaPart[]): JsonObject {
  const images = media.filter(({ mediaType }) => !mediaType.startsWith('audio/'))
  return images.length === 0 ? {} : { images: images.map((image, index) => ({ index, ...imageOf(image) })) }
}

/** The one sound that a message has, of whatever pieces it came in. */
function soundOf(media: readonly MediaPart[], about: AnswerAbout): JsonObject {
  const pieces = media.filter(({ mediaType }) => mediaType.startsWith('audio/'))
  if (pieces.length === 0) return {}
  const bytes = Buffer.concat(pieces.map(({ data }) => Buffer.from(data, 'base64')))
  return {
    audio: {
      id: audioId(about),
      data: bytes.toString('base64'),
      // Nothing of it is kept for a later turn.
      expires_at: about.createdS,
      transcript: pieces.map(({ transcript }) => transcript ?? '').join(''),
    },
  }
}
