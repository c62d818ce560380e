import type { ChoiceEnd, StopReason } from '../../../core/event.ts'
import type { Lost } from '../../../core/losses.ts'
import type { AnswerAbout } from '../../../core/protocol.ts'

const finishReasons: Readonly<Record<StopReason, string>> = {
  stop: 'STOP',
  tool: 'STOP',
  length: 'MAX_TOKENS',
  filter: 'SAFETY',
  pause: 'STOP',
  error: 'OTHER',
}

export function finishReason({ reason, stopSequence }: ChoiceEnd, lost: Lost<'answer', 'gemini'>): string {
  if (reason === 'pause') lost.lose('answer_pause')
  if (stopSequence !== undefined) lost.lose('answer_stop_sequence')
  return finishReasons[reason]
}

export function responseId({ exchangeId }: AnswerAbout): string {
  return exchangeId.replace(/^x_/, '')
}
