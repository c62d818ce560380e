import type { StopReason } from '../../core/event.ts'

const byWord: ReadonlyMap<string, StopReason> = new Map([
  ['stop', 'stop'],
  ['eos', 'stop'],
  ['end_turn', 'stop'],
  ['stop_sequence', 'stop'],
  ['tool_calls', 'tool'],
  ['function_call', 'tool'],
  ['tool_use', 'tool'],
  ['length', 'length'],
  ['max_tokens', 'length'],
  ['model_length', 'length'],
  ['content_filter', 'filter'],
  ['sensitive', 'filter'],
  ['safety', 'filter'],
  ['refusal', 'filter'],
  ['error', 'error'],
  ['network_error', 'error'],
  ['insufficient_system_resource', 'error'],
])

/** OpenAI's `finish_reason` words and those that its followers add (Together, Mistral, DeepSeek, z.ai, OpenRouter). */
export function chatStopReason(word: string): StopReason {
  return byWord.get(word) ?? 'stop'
}
