import type { ChoiceEnd, StopReason } from '../../core/event.ts'
import { stopReason } from '../stop-reason.ts'

const byWord: ReadonlyMap<string, StopReason> = new Map([
  ['end_turn', 'stop'],
  ['stop_sequence', 'stop'],
  ['tool_use', 'tool'],
  ['max_tokens', 'length'],
  ['model_context_window_exceeded', 'length'],
  ['refusal', 'filter'],
  ['pause_turn', 'pause'],
  ['compaction', 'pause'],
])

export function messageStopReason(word: string): StopReason {
  return byWord.get(word) ?? 'stop'
}

const words: Record<StopReason, string> = {
  stop: 'end_turn',
  tool: 'tool_use',
  length: 'max_tokens',
  filter: 'refusal',
  pause: 'pause_turn',
  error: 'end_turn',
}

/** The fields that say how a message ended. `tool_use` exactly when it calls a tool: clients wait for nothing else. */
export function writeStop(
  { reason, stopSequence }: ChoiceEnd,
  toolCalled: boolean,
): { stop_reason: string; stop_sequence: string | null; stop_details: { type: 'refusal' } | null } {
  const seen = stopReason(reason, { toolCalled, refused: false })
  const said = seen === 'tool' && !toolCalled ? 'stop' : seen
  const stopped = said === 'stop' && stopSequence !== undefined
  return {
    stop_reason: stopped ? 'stop_sequence' : words[said],
    stop_sequence: stopped ? stopSequence : null,
    stop_details: said === 'filter' ? refusalDetails : null,
  }
}

const refusalDetails = { type: 'refusal' as const, category: null, explanation: null }
