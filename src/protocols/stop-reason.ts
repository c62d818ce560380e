import type { StopReason } from '../core/event.ts'

/**
 * The one word for why an answer ended. A provider's plain stop is not believed when a tool was called or the
 * model refused: OpenAI says `stop` after a forced tool, Gemini says STOP after every tool call.
 */
export function stopReason(said: StopReason, saw: { toolCalled: boolean; refused: boolean }): StopReason {
  if (said === 'length' || said === 'filter' || said === 'error') return said
  if (saw.toolCalled) return 'tool'
  return said === 'stop' && saw.refused ? 'filter' : said
}
