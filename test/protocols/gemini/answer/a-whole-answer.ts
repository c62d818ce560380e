import type { Answer, AnswerChoice, AnswerPart } from '../../../../src/core/answer.ts'
import type { ChoiceEnd } from '../../../../src/core/event.ts'
import type { JsonObject } from '../../../../src/core/json.ts'
import type { AnswerAbout } from '../../../../src/core/protocol.ts'
import type { ReportedUsage } from '../../../../src/core/usage.ts'
import { gemini } from '../../../../src/protocols/gemini/index.ts'
import { aboutFor } from './an-answer.ts'

const stop: ChoiceEnd = { reason: 'stop', raw: 'end_turn' }
export const choice = (parts: AnswerPart[], more: Partial<AnswerChoice> = {}): AnswerChoice => ({
  ...{ parts, end: stop, logprobs: [] },
  ...more,
})
export const answer = (choices: AnswerChoice[], usage: ReportedUsage | null = null): Answer => ({
  ...{ id: 'msg_1', model: 'claude-sonnet-4-5', choices, usage },
})

export function encode(choices: AnswerChoice[], about: AnswerAbout = aboutFor()) {
  const { body, lost } = gemini.encodeAnswer(answer(choices), about)
  return { candidates: body.candidates as JsonObject[], losses: lost.map(({ loss }) => loss) }
}
export function partsOf(parts: AnswerPart[], about?: AnswerAbout, end: ChoiceEnd = stop) {
  const { candidates, losses } = encode([choice(parts, { end })], about)
  const [{ content }] = candidates as [{ content: { parts: JsonObject[] } }]
  return { parts: content.parts, losses }
}
export const text = (said: string): AnswerPart => ({ type: 'text', text: said })
