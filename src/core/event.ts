import type { Citation, ReasoningState } from './call.ts'
import type { ReportedUsage } from './usage.ts'

/** Why an answer ended, in one word for all protocols; `raw` on the event keeps the provider's own. */
export type StopReason = 'stop' | 'tool' | 'length' | 'filter' | 'pause' | 'error'

/** How one of an answer's alternatives ended. */
export interface ChoiceEnd {
  reason: StopReason
  raw: string
  /** The stop sequence that ended it, where the provider tells. */
  stopSequence?: string
}

/** The log probability of one token, and of those that could have stood in its place. */
export interface TokenLogprob {
  token: string
  logprob: number
  bytes: number[] | null
  top: { token: string; logprob: number; bytes: number[] | null }[]
}

/** What an answer says, decoded from any protocol, streamed or whole. `choice` is left out for the first. */
export type Event =
  | { type: 'start'; id?: string; model?: string }
  | { type: 'text'; text: string; choice?: number }
  | { type: 'reasoning'; text: string; choice?: number }
  | { type: 'refusal'; text: string; choice?: number }
  /**
   * `index` counts tool calls of the answer from 0; the name comes once, arguments in pieces. `custom`, on the
   * event with the name: the arguments are free text, not JSON.
   */
  | {
      type: 'tool_call'
      index: number
      id?: string
      name?: string
      arguments: string
      custom?: true
      choice?: number
    }
  /** Another block of the same kind begins: more of it does not belong to what came before. */
  | { type: 'boundary'; of: 'text' | 'reasoning'; choice?: number }
  /**
   * What only the provider can read, right behind what it belongs to; `on` null: it stands alone (redacted
   * thinking), or its reasoning has no text.
   */
  | {
      type: 'state'
      state: Omit<ReasoningState, 'model'>
      on: 'reasoning' | 'text' | 'tool_call' | null
      choice?: number
    }
  | { type: 'citation'; citation: Citation; choice?: number }
  /** Images and sound that the model made; `data` is base64, in whole pieces of 4 characters. */
  | { type: 'media'; mediaType: string; data: string; transcript?: string; choice?: number }
  | { type: 'logprobs'; tokens: TokenLogprob[]; choice?: number }
  /** A tool that the provider ran. `text`: what of it a reader must not miss; '' where the answer's text says it. */
  | { type: 'server_tool'; kind: string; text: string; choice?: number }
  /** Content that is none of the above, and that no other protocol could carry. */
  | { type: 'content'; kind: string }
  /** Replaces what an earlier usage event of the same answer said. */
  | { type: 'usage'; usage: ReportedUsage }
  /** All choices have ended; the first one's end, and those of the others. A usage event may follow. */
  | ({ type: 'end'; others?: (ChoiceEnd & { choice: number })[] } & ChoiceEnd)
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

const contentTypes: ReadonlySet<Event['type']> = new Set<Event['type']>([
  'text',
  'reasoning',
  'refusal',
  'tool_call',
  'state',
  'citation',
  'media',
  'server_tool',
  'content',
])

/**
 * Whether an event ends the hold-back of a stream: content, the end, or anything unknown
 * (`spec/health-and-routing.md`, Attempts). Errors do not: before content they let the next target try.
 */
export function endsHoldBack(event: Event): boolean {
  return isContent(event) || event.type === 'end' || event.type === 'unknown'
}

/** Whether an event counts as first output for `ttft_ms` (`spec/usage.md`). */
export function isContent(event: Event): boolean {
  return contentTypes.has(event.type)
}
