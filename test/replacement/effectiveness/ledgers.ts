import type { ComparedExchange } from '../../../src/core/compared-exchange.ts'

export const rule = '*=openai:gpt-4o-mini'

export function anExchange(changed: Partial<ComparedExchange> = {}): ComparedExchange {
  return {
    rule,
    sessionId: 's_1',
    decision: 'lost_roll',
    replaced: changed.decision === 'replaced',
    failed: false,
    ttftMs: 400,
    durationMs: 900,
    tokens: 120,
    costUsd: 0.01,
    toolCalls: 0,
    ...changed,
  }
}

/** A generator of its own kind, so that a fault of ours cannot fit one of the tests' (MINSTD: Park and Miller 1988). */
export function seeded(seed: number): () => number {
  let state = ((seed * 2_654_435_761) % 2_147_483_646) + 1
  const next = () => {
    state = (state * 48_271) % 2_147_483_647
    return state / 2_147_483_647
  }
  for (let at = 0; at < 10; at++) next()
  return next
}

export interface LedgerShape {
  sessions: { least: number; most: number }
  /** Requests in a session: the median, and the spread of their logarithm. */
  length: { median: number; spread: number }
  /** Of the logarithm of what a request costs: by its session, and by itself. */
  costSpread: { session: number; request: number }
  /** What is rolled for: each request, each session, or each request for a window of so many. */
  rolled: 'request' | 'session' | { window: number }
  probability: number
  /** Long sessions cost more a request. */
  longCostMore?: boolean
}

/** What a request costs in the mean, in USD, where a session's length has no say in it. */
export const meanUsd = 0.01

/** `factor`: what replacing does to a request's cost; 1: nothing. */
export function aLedger(shape: LedgerShape, seed: number, factor = 1): ComparedExchange[] {
  const roll = seeded(seed)
  const normal = () => Math.sqrt(-2 * Math.log(roll())) * Math.cos(2 * Math.PI * roll())
  const lognormal = (spread: number) => Math.exp(spread * normal() - spread ** 2 / 2)
  const { least, most } = shape.sessions
  const exchanges: ComparedExchange[] = []
  const sessions = least + Math.floor(roll() * (most - least + 1))
  for (let session = 0; session < sessions; session++) {
    const { median, spread } = shape.length
    const length = Math.min(1_000, Math.max(1, Math.round(median * Math.exp(spread * normal()))))
    const level = lognormal(shape.costSpread.session) * (shape.longCostMore ? Math.sqrt(length / median) : 1)
    const decide = decider(shape, roll)
    for (let turn = 0; turn < length; turn++) {
      const decision = decide()
      const usd = meanUsd * level * lognormal(shape.costSpread.request)
      if (decision === null) continue
      const costUsd = decision === 'replaced' ? usd * factor : usd
      exchanges.push(anExchange({ sessionId: `s_${session}`, decision, costUsd }))
    }
  }
  return exchanges
}

/** Null: neither replaced nor rolled for. */
function decider({ rolled, probability }: LedgerShape, roll: () => number) {
  const isWon = () => roll() < probability
  if (rolled === 'request') return () => (isWon() ? ('replaced' as const) : ('lost_roll' as const))
  if (rolled === 'session') {
    const decision = isWon() ? ('replaced' as const) : ('lost_roll' as const)
    return () => decision
  }
  // The first turn is not rolled for, and neither is the one behind a window.
  let [left, isCool] = [0, true]
  return () => {
    if (left > 0) {
      left--
      isCool = left === 0
      return 'replaced' as const
    }
    if (isCool) {
      isCool = false
      return null
    }
    if (!isWon()) return 'lost_roll' as const
    left = rolled.window - 1
    isCool = left === 0
    return 'replaced' as const
  }
}

/** Shapes in which sessions differ much, with 30 to 60 sessions on each side. */
export const shapes = {
  'each request is rolled for': {
    sessions: { least: 32, most: 60 },
    length: { median: 8, spread: 1.2 },
    costSpread: { session: 1, request: 1 },
    rolled: 'request',
    probability: 0.35,
  },
  'whole sessions are replaced': {
    sessions: { least: 70, most: 110 },
    length: { median: 8, spread: 1.2 },
    costSpread: { session: 1, request: 1 },
    rolled: 'session',
    probability: 0.5,
  },
  'whole sessions, of which long ones cost more': {
    sessions: { least: 70, most: 110 },
    length: { median: 8, spread: 1 },
    costSpread: { session: 0.7, request: 1 },
    rolled: 'session',
    probability: 0.45,
    longCostMore: true,
  },
  'windows of three requests': {
    sessions: { least: 45, most: 65 },
    length: { median: 15, spread: 0.8 },
    costSpread: { session: 1, request: 1 },
    rolled: { window: 3 },
    probability: 0.15,
  },
  'costs of one in a thousand beyond all others': {
    sessions: { least: 70, most: 110 },
    length: { median: 5, spread: 1 },
    costSpread: { session: 1.7, request: 0.5 },
    rolled: 'session',
    probability: 0.5,
  },
  'one request in ten is replaced': {
    sessions: { least: 60, most: 80 },
    length: { median: 10, spread: 1 },
    costSpread: { session: 1, request: 1 },
    rolled: 'request',
    probability: 0.1,
  },
} as const satisfies Record<string, LedgerShape>
