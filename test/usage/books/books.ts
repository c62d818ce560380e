import type { Amounts, Protocol, ToolCall } from './plan.ts'

/** How a provider's part in an attempt ended, as far as the provider can know. */
export type Ending =
  | 'complete'
  | 'refused'
  | 'cut'
  | 'ended early'
  | 'error event'
  | 'caller gone'
  | 'uncalled'

/** What a provider wrote down of one attempt. */
export interface BookLine {
  exchange: string
  /** Of this exchange's attempts at any provider, from 1. */
  number: number
  backend: string
  /** The id that it sent, if it sent a head. */
  requestId: string
  protocol: Protocol
  model: string
  /** As the answer names it; null: no answer named one. */
  answeredAs: string | null
  stream: boolean
  /** Null: no head was sent. */
  status: number | null
  /** All text that was sent. */
  text: string
  /** The part of it that was sent before a wait for the client's leaving. */
  textBeforeWait: string
  calls: readonly ToolCall[]
  /** What it reported so far: everything, only the prompt's amounts, or nothing. */
  told: 'all' | 'prompt' | 'nothing'
  amounts: Amounts | null
  flex: boolean
  ending: Ending
}
