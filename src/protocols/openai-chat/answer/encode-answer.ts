import type { Answer } from '../../../core/answer.ts'
import type { JsonObject } from '../../../core/json.ts'
import type { AnswerAbout, EncodedAnswer } from '../../../core/protocol.ts'
import { answerId, ChatAnswerLost, encodeLogprobs, finishReason } from './answer-fields.ts'
import { encodeMessage } from './encode-message.ts'
import { encodeChatUsage, loseUsageDetails } from './encode-usage.ts'

/** A whole answer as a `chat.completion`. */
export function encodeChatAnswer(answer: Answer, about: AnswerAbout): EncodedAnswer {
  const lost = new ChatAnswerLost()
  const usage = encodeChatUsage(answer.usage)
  loseUsageDetails(answer.usage, lost)
  const body: JsonObject = {
    id: answerId(about),
    object: 'chat.completion',
    created: about.createdS,
    model: answer.model ?? about.source.model,
    choices: answer.choices.map(({ parts, logprobs, end }, index) => ({
      index,
      message: encodeMessage(parts, about, lost),
      logprobs: logprobs.length === 0 ? null : encodeLogprobs(logprobs),
      finish_reason: finishReason(end, lost),
    })),
    ...(usage && { usage }),
    ...(answer.usage?.serviceTier !== undefined && { service_tier: answer.usage.serviceTier }),
  }
  return { body, lost: lost.items }
}
