import type { Answer, AnswerChoice, AnswerPart } from '../../../core/answer.ts'
import type { ReasoningPart } from '../../../core/call.ts'
import type { JsonObject } from '../../../core/json.ts'
import { Lost } from '../../../core/losses.ts'
import type { AnswerAbout, EncodedAnswer } from '../../../core/protocol.ts'
import { encodeLogprobs } from '../logprobs.ts'
import { finishReason, responseId } from './candidate-fields.ts'
import { CandidateParts } from './candidate-parts.ts'
import { wholeArguments } from './function-call.ts'
import { groundingOf } from './grounding.ts'
import { encodeUsageMetadata } from './usage-metadata.ts'

/** A whole answer as a `GenerateContentResponse`. */
export function encodeGeminiAnswer(answer: Answer, about: AnswerAbout): EncodedAnswer {
  const lost = new Lost<'answer', 'gemini'>()
  const calls = { count: 0 }
  const body: JsonObject = {
    candidates: answer.choices.map((choice, index) => ({
      ...candidate(choice, new CandidateParts(about, lost), calls, lost),
      index,
    })),
    ...(answer.usage && { usageMetadata: encodeUsageMetadata(answer.usage, lost) }),
    modelVersion: answer.model ?? about.source.model,
    responseId: responseId(about),
  }
  return { body, lost: lost.items }
}

/** `calls` counts those of all candidates. */
function candidate(
  { parts, end, logprobs }: AnswerChoice,
  writer: CandidateParts,
  calls: { count: number },
  lost: Lost<'answer', 'gemini'>,
): JsonObject {
  const encoded = parts.flatMap((part) => {
    if (part.type !== 'tool_call') return partsOf(part, writer)
    const index = calls.count++
    // Gemini gives no call that the limit cut.
    const isCut = end.reason === 'length' && !part.custom && wholeArguments(part.arguments) === undefined
    return isCut ? [] : writer.call(part, index)
  })
  const all = [...encoded, ...writer.rest()]
  const texts = parts.flatMap((part) => (part.type === 'text' ? [part] : []))
  const citations = texts.flatMap((part) => part.citations ?? [])
  return {
    content: { role: 'model', parts: all.length === 0 ? [{ text: '' }] : all },
    finishReason: finishReason(end, lost),
    ...groundingOf(citations, texts.map(({ text }) => text).join(''), lost),
    ...(logprobs.length > 0 && { logprobsResult: encodeLogprobs(logprobs) }),
  }
}

function partsOf(part: Exclude<AnswerPart, { type: 'tool_call' }>, writer: CandidateParts): JsonObject[] {
  switch (part.type) {
    case 'text':
      return writer.text(part.text, part.state)
    case 'reasoning':
      return reasoningParts(part, writer)
    case 'refusal':
      return writer.refusal(part.text)
    case 'media':
      return writer.media(part)
    case 'server_tool':
      return writer.serverTool(part.text)
  }
}

function reasoningParts({ text, state }: ReasoningPart, writer: CandidateParts): JsonObject[] {
  const said = writer.reasoning(text)
  return state ? [...said, ...writer.state(state, text === '' ? null : 'thought')] : said
}
