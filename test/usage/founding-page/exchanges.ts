import {
  anthropicAnswerBody,
  anthropicFrames,
  chatAnswerBody,
  chatFrames,
  paced,
  type Script,
  type Step,
  streamHead,
  whole,
} from '../../support/fake-provider.ts'
import type { DatedClock } from './dated-clock.ts'

/** An exchange and how often it takes place. */
export interface Sort {
  backend: 'openai' | 'anthropic'
  model: string
  stream: boolean
  /** When each of them takes place. */
  dates: readonly string[]
  answer: (clock: DatedClock) => Script
}

/** Five tokens of o200k, and the prompt `hello` is one, in a message of seven. */
const said = 'hello hello hello hello hello'

/** So much time passes on the clock of the proxy, and only there. */
function passing(clock: DatedClock, ms: number): Step {
  return () => clock.advance(ms)
}

/** From the first of December on, one a minute. */
function inDecember(count: number, fromMinute: number): string[] {
  const startMs = Date.parse('2025-12-01T00:00:00.000Z')
  return Array.from({ length: count }, (_, at) =>
    new Date(startMs + (fromMinute + at) * 60_000).toISOString(),
  )
}

function answerOf(
  usage: { prompt: number; completion: number; cached?: number },
  model: string,
  afterMs: number,
) {
  const body = chatAnswerBody({ model, text: said, usage })
  return (clock: DatedClock): Script => [passing(clock, afterMs), ...whole(200, body)]
}

const messageUsage = { prompt: 600, completion: 400, cached: 300 }

/** Forty in all: 3 without a report, 2 without a price. */
export const sorts: readonly Sort[] = [
  {
    // 17: 1000 × $30 + 200 × $60 a million = $0.042
    ...{ backend: 'openai', model: 'gpt-4', stream: false },
    dates: [
      '2025-11-15T12:00:00.000Z',
      '2025-11-30T23:59:59.999Z',
      ...inDecember(14, 0),
      '2026-01-01T00:00:00.000Z',
    ],
    answer: answerOf({ prompt: 1_000, completion: 200 }, 'gpt-4-0613', 300),
  },
  {
    // 8: 1200 × $2.50 + 800 × $1.25 + 100 × $10 a million = $0.005
    ...{ backend: 'openai', model: 'gpt-4o', stream: false },
    dates: [...inDecember(7, 1_000), '2025-12-31T23:59:59.500Z'],
    answer: answerOf({ prompt: 2_000, completion: 100, cached: 800 }, 'gpt-4o-2024-08-06', 500),
  },
  {
    // 2 without a price
    ...{ backend: 'openai', model: 'house-model', stream: false, dates: inDecember(2, 2_000) },
    answer: answerOf({ prompt: 500, completion: 50 }, 'house-model', 400),
  },
  {
    // 2 without a report, counted by us: 7 × $2.50 + 5 × $10 a million = $0.0000675
    ...{ backend: 'openai', model: 'gpt-4o', stream: true, dates: inDecember(2, 3_000) },
    answer: (clock) => {
      const frames = chatFrames([said], { model: 'gpt-4o-2024-08-06' })
      return [
        ...[passing(clock, 100), streamHead(), paced(frames.slice(0, 2))],
        ...[passing(clock, 300), paced(frames.slice(2))],
      ]
    },
  },
  {
    // 9: 600 × $3 + 300 × $0.30 + 400 × $15 a million = 1800 + 90 + 6000 = $0.00789
    ...{ backend: 'anthropic', model: 'claude-3-5-sonnet-20241022', stream: true },
    dates: ['2025-11-20T08:00:00.000Z', ...inDecember(8, 4_000)],
    answer: (clock) => {
      const frames = anthropicFrames([said], { model: 'claude-3-5-sonnet-20241022', usage: messageUsage })
      const until = frames.findIndex((frame) => frame.includes(said)) + 1
      return [
        ...[passing(clock, 200), streamHead(), paced(frames.slice(0, until))],
        ...[passing(clock, 800), paced(frames.slice(until))],
      ]
    },
  },
  {
    // 1 without a report, counted by us, times 1.12 and rounded: 8 × $3 + 6 × $15 a million = $0.000114
    ...{
      backend: 'anthropic',
      model: 'claude-3-5-sonnet-20241022',
      stream: false,
      dates: inDecember(1, 5_000),
    },
    answer: (clock) => {
      const { usage: _none, ...body } = anthropicAnswerBody({
        model: 'claude-3-5-sonnet-20241022',
        text: said,
      })
      return [passing(clock, 600), ...whole(200, body)]
    },
  },
  {
    // 1: 100 × $0.80 + 10 × $4 a million = $0.00012
    ...{
      backend: 'anthropic',
      model: 'claude-3-5-haiku-20241022',
      stream: false,
      dates: inDecember(1, 6_000),
    },
    answer: (clock) => {
      const usage = { prompt: 100, completion: 10 }
      const body = anthropicAnswerBody({ model: 'claude-3-5-haiku-20241022', text: said, usage })
      return [passing(clock, 900), ...whole(200, body)]
    },
  },
]
