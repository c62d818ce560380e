import type { Answer, AnswerChoice } from '../../../core/answer.ts'
import type { JsonObject } from '../../../core/json.ts'
import { Lost } from '../../../core/losses.ts'
import type { AnswerAbout, EncodedAnswer } from '../../../core/protocol.ts'
import { tellsMore } from '../../translation/usage-details.ts'
import { encodeLogprobs } from '../logprobs.ts'
import { AnswerParts } from './answer-parts.ts'
import { citationMetadata, finishReason, responseId } from './candidate-fields.ts'
import { encodeUsageMetadata, geminiUsageParts } from './usage-metadata.ts'

/** A whole answer as a `GenerateContentResponse`. */
export function encodeGeminiAnswer(answer: Answer, about: AnswerAbout): EncodedAnswer {
  const lost = new Lost<'answer', 'gemini'>()
  if (tellsMore(answer.usage, geminiUsageParts)) lost.lose('answer_usage_details')
  const body: JsonObject = {
    candidates: answer.choices.map((choice, index) => candidate(choice, index, about, lost)),
    ...(answer.usage && { usageMetadata: encodeUsageMetadata(answer.usage) }),
    modelVersion: answer.model ?? about.source.model,
    responseId: responseId(about),
  }
  return { body, lost: lost.items }
}

function candidate(
  { parts, end, logprobs }: AnswerChoice,
  index: number,
  about: AnswerAbout,
  lost: Lost<'answer', 'gemini'>,
): JsonObject {
  if (end.reason === 'pause') lost.lose('answer_pause')
  if (end.stopSequence !== undefined) lost.lose('answer_stop_sequence')
  const writer = new AnswerParts(about, lost)
  let calls = 0
  const encoded = parts.flatMap((part) => writer.of(part, part.type === 'tool_call' ? calls++ : 0))
  const texts = parts.flatMap((part) => (part.type === 'text' ? [part] : []))
  const citations = texts.flatMap((part) => part.citations ?? [])
  if (citations.some(({ url }) => url === null)) lost.lose('answer_citation')
  return {
    content: { role: 'model', parts: encoded },
    finishReason: finishReason(end.reason),
    index,
    ...citationMetadata(citations, texts.map(({ text }) => text).join('')),
    ...(logprobs.length > 0 && { logprobsResult: encodeLogprobs(logprobs) }),
  }
}
