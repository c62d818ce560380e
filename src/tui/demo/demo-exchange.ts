import type { IncompleteReason, Outcome } from '../../core/exchange.ts'
import type { LiveState } from '../../core/live-snapshot.ts'
import type { ProtocolName } from '../../core/protocol-name.ts'

/** An exchange of the recording. Times in seconds: `openedS` on the recording's clock, all others since then. */
export interface DemoExchange {
  id: string
  openedS: number
  app: string
  frontend: ProtocolName
  session: string | null
  turn: number | null
  requested: string
  model: string
  backend: string
  /** When the first attempt failed and another target was asked; null: it did not. */
  retriedS: number | null
  firstTokenS: number | null
  endedS: number
  status: number
  outcome: Outcome
  reason: IncompleteReason | null
  error: string | null
  promptTokens: number
  cachedTokens: number
  outputTokens: number
  /** What the client runs when it has the answer. */
  tools: readonly string[]
  issue: string | null
  /** A state that it is in for a while, instead of streaming. */
  hold: { state: LiveState; fromS: number; untilS: number } | null
}

/** Dollars per million tokens: prompt, from a cache, output. */
const pricesUsd: Readonly<Record<string, readonly [number, number, number]>> = {
  'claude-sonnet-4-5-20250929': [3, 0.3, 15],
  'claude-haiku-4-5-20251001': [1, 0.1, 5],
  'gpt-5': [1.25, 0.125, 10],
  'gpt-5-mini': [0.25, 0.025, 2],
  'gemini-2.5-pro': [1.25, 0.31, 10],
}

/** null: the model has no price. */
export function costUsd(exchange: DemoExchange, outputTokens = exchange.outputTokens): number | null {
  const prices = pricesUsd[exchange.model]
  if (prices === undefined) return null
  const { promptTokens, cachedTokens } = exchange
  const [prompt, cached, output] = prices
  return ((promptTokens - cachedTokens) * prompt + cachedTokens * cached + outputTokens * output) / 1e6
}

/** What its cached tokens would have cost more. */
export function savedUsd({ model, cachedTokens }: DemoExchange): number {
  const [prompt, cached] = pricesUsd[model] ?? [0, 0]
  return (cachedTokens * (prompt - cached)) / 1e6
}

export function closedS({ openedS, endedS }: DemoExchange): number {
  return openedS + endedS
}

/** Output so far, which comes at an even pace but for a time in which nothing comes. */
export function outputAt(exchange: DemoExchange, atS: number): number {
  const { firstTokenS, endedS, outputTokens, openedS, hold } = exchange
  if (firstTokenS === null) return 0
  const pausedS = (untilS: number) =>
    hold === null ? 0 : Math.max(0, Math.min(untilS, hold.untilS) - Math.max(hold.fromS, firstTokenS))
  const activeS = (untilS: number) => untilS - firstTokenS - pausedS(untilS)
  const share = activeS(Math.min(atS - openedS, endedS)) / Math.max(0.001, activeS(endedS))
  return Math.round(outputTokens * Math.min(1, Math.max(0, share)))
}
