import type { StopReason } from '../../core/event.ts'

const byWord: ReadonlyMap<string, StopReason> = new Map([
  ['', 'stop'],
  ['STOP', 'stop'],
  ['UNEXPECTED_TOOL_CALL', 'tool'],
  ['MAX_TOKENS', 'length'],
  ['SAFETY', 'filter'],
  ['RECITATION', 'filter'],
  ['BLOCKLIST', 'filter'],
  ['PROHIBITED_CONTENT', 'filter'],
  ['SPII', 'filter'],
  ['IMAGE_SAFETY', 'filter'],
  ['IMAGE_PROHIBITED_CONTENT', 'filter'],
  ['IMAGE_RECITATION', 'filter'],
  ['MODEL_ARMOR', 'filter'],
])

/** Everything that is neither of these went wrong: MALFORMED_FUNCTION_CALL, OTHER, LANGUAGE, TOO_MANY_TOOL_CALLS… */
export function geminiStopReason(word: string): StopReason {
  return byWord.get(word) ?? 'error'
}
