import type { StopReason } from '../../core/event.ts'

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
