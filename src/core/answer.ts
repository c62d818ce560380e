import type { MediaPart, ReasoningPart, RefusalPart, TextPart, ToolCallPart } from './call.ts'
import type { ChoiceEnd, TokenLogprob } from './event.ts'
import type { ReportedUsage } from './usage.ts'

/** A whole answer in no protocol's words: what its events add up to. */
export interface Answer {
  id: string | null
  model: string | null
  /** In the order of their index; at least one. */
  choices: AnswerChoice[]
  usage: ReportedUsage | null
}

export interface AnswerChoice {
  parts: AnswerPart[]
  end: ChoiceEnd
  logprobs: TokenLogprob[]
}

/** What the provider ran itself, as text that a reader must not miss. */
export interface ServerToolPart {
  type: 'server_tool'
  kind: string
  text: string
}

export type AnswerPart = TextPart | ReasoningPart | RefusalPart | ToolCallPart | MediaPart | ServerToolPart
