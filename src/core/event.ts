import type { ReportedUsage } from './usage.ts'

/** Why an answer ended, in one word for all protocols; `raw` on the event keeps the provider's own. */
export type StopReason = 'stop' | 'tool' | 'length' | 'filter' | 'pause' | 'error'

/** What an answer says, decoded from any protocol, streamed or whole. */
export type Event =
  | { type: 'start'; id?: string; model?: string }
  | { type: 'text'; text: string }
  | { type: 'reasoning'; text: string }
  | { type: 'refusal'; text: string }
  /** `index` counts tool calls of the answer from 0; the name comes once, arguments in pieces. */
  | { type: 'tool_call'; index: number; id?: string; name?: string; arguments: string }
  /** Content that is none of the above: media, citations, server-side tools, signatures. */
  | { type: 'content'; kind: string }
  /** Replaces what an earlier usage event of the same answer said. */
  | { type: 'usage'; usage: ReportedUsage }
  | { type: 'end'; reason: StopReason; raw: string }
  | {
      type: 'error'
      message: string
      errorType: string | null
      code: string | null
      status: number | null
      retryAfterMs: number | null
    }
  | { type: 'ping' }
  /** Structure without content: block starts and stops, progress. */
  | { type: 'structure'; name: string }
  /** Something that this decoder does not know. */
  | { type: 'unknown'; name: string }

/**
 * Whether an event ends the hold-back of a stream: content, the end, or anything unknown
 * (`spec/health-and-routing.md`, Attempts). Errors do not: before content they let the next target try.
 */
export function endsHoldBack(event: Event): boolean {
  switch (event.type) {
    case 'text':
    case 'reasoning':
    case 'refusal':
    case 'tool_call':
    case 'content':
    case 'end':
    case 'unknown':
      return true
    default:
      return false
  }
}

/** Whether an event counts as first output for `ttft_ms` (`spec/usage.md`). */
export function isContent(event: Event): boolean {
  return endsHoldBack(event) && event.type !== 'end' && event.type !== 'unknown'
}
