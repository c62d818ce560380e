import { describe, expect, it } from 'vitest'
import type { PriceOf } from '../../src/core/cost.ts'
import { ProxyError } from '../../src/core/errors.ts'
import { createSecrets } from '../../src/core/secrets/secrets.ts'
import { createLog } from '../../src/logs/log.ts'
import { logMonitor } from '../../src/logs/log-monitor.ts'
import { anAttempt, anExchange } from '../support/an-exchange.ts'
import { FakeClock } from '../support/fake-clock.ts'

function monitored(format: 'json' | 'pretty' = 'json', priceOf: PriceOf = () => null) {
  const lines: string[] = []
  const clock = new FakeClock()
  const write = (line: string) => lines.push(line)
  const log = createLog({ level: 'debug', format, write, secrets: createSecrets() })
  return {
    lines,
    clock,
    monitor: logMonitor(log, clock, undefined, undefined, priceOf),
    records: () => lines.map((line) => JSON.parse(line)),
  }
}

const waiting = { outcome: null, closedNs: null, status: null, firstContentNs: null }

describe('a closed exchange', () => {
  it('is one JSON record with everything known of it', () => {
    const { monitor, records } = monitored()
    monitor.closed?.(anExchange())
    expect(records()).toEqual([
      {
        level: 'info',
        time: expect.any(String),
        msg: 'exchange.closed',
        id: 'x_8f2k3m9q0a1b2c3d4e5f',
        frontend: 'anthropic-messages',
        client_app: 'claude',
        requested_model: 'sonnet-4-5',
        backend: 'anthropic',
        model: 'sonnet-4-5',
        backend_protocol: 'anthropic-messages',
        dropped: [],
        status: 200,
        outcome: 'complete',
        incomplete_reason: null,
        error_code: null,
        attempts: 1,
        prompt_tokens: 48_210,
        completion_tokens: 1190,
        cost_usd: null,
        ttft_ms: 400,
        total_ms: 14_200,
        replaced: false,
        session_id: 's1',
        turn: 3,
      },
    ])
  })

  it('has the cost of what the providers reported, and nothing of what a plan pays', () => {
    const priceOf = () => ({ nanoUsd: 91_000_000, parts: [], source: 'catalog', priceVersion: 'v' }) as const
    const attempts = [anAttempt(), anAttempt({ billing: 'subscription' }), anAttempt({ usage: null })]
    const { monitor, records } = monitored('json', priceOf)
    monitor.closed?.(anExchange({ attempts }))
    expect(records()[0]).toMatchObject({ cost_usd: 0.091 })
  })

  it('has null for what is not known', () => {
    const { monitor, records } = monitored()
    monitor.closed?.(
      anExchange({ attempts: [anAttempt({ usage: null })], session: null, firstContentNs: null }),
    )
    expect(records()[0]).toMatchObject({
      prompt_tokens: null,
      completion_tokens: null,
      ttft_ms: null,
      session_id: null,
      turn: null,
    })
  })

  it.each([
    ['info', { outcome: 'rejected' }],
    ['info', { outcome: 'incomplete', incompleteReason: 'client_disconnect' }],
    ['warn', { outcome: 'incomplete', incompleteReason: 'truncated' }],
    ['warn', { outcome: 'error', error: new ProxyError('backend_timeout', 'x') }],
  ] as const)('is logged as %s for %j', (level, changed) => {
    const { monitor, records } = monitored()
    monitor.closed?.(anExchange(changed))
    expect(records()[0].level).toBe(level)
  })

  it('is the line per exchange in a pretty log', () => {
    const { monitor, lines } = monitored('pretty')
    monitor.closed?.(anExchange())
    expect(lines).toEqual([
      '13:04:20  claude  sonnet-4-5 → anthropic  200  48.2k→1.2k  ttft 0.4s  14.2s  x_8f2k3m9q0a\n',
    ])
  })
})

describe('an exchange that waits for its first content', () => {
  it('is reported at 10 s for who debugs, and once at 30 s with a warning', () => {
    const { monitor, records, clock } = monitored()
    const exchange = anExchange({ ...waiting, openedAtMs: clock.nowMs() })
    monitor.opened?.(exchange)
    clock.advance(9_999)
    expect(records()).toEqual([])
    clock.advance(1)
    clock.advance(20_000)
    clock.advance(600_000)
    expect(records()).toMatchObject([
      { level: 'debug', msg: 'exchange.waiting', waited_ms: 10_000 },
      { level: 'warn', msg: 'exchange.waiting', waited_ms: 30_000, backend: 'anthropic', id: exchange.id },
    ])
    expect(clock.pending).toBe(0)
  })

  it.each([
    ['whose client is still sending', { receivedNs: null }],
    [
      'that passes untouched and has begun',
      { callPurpose: 'other', attempts: [anAttempt({ firstByteNs: 1e6 })] },
    ],
  ] as const)('is not reported for one %s', (_, more) => {
    const { monitor, clock, lines } = monitored()
    monitor.opened?.(
      anExchange({ ...waiting, ...more, attempts: [...('attempts' in more ? more.attempts : [])] }),
    )
    clock.advance(60_000)
    expect(lines).toEqual([])
  })

  it('is not reported when the content has come, or the exchange has closed', () => {
    const { monitor, records, clock } = monitored()
    const answered = anExchange({ ...waiting, id: 'x_answered' })
    const closed = anExchange({ ...waiting, id: 'x_closed' })
    const late = anExchange({ ...waiting, id: 'x_late' })
    for (const exchange of [answered, closed, late]) monitor.opened?.(exchange)
    answered.firstContentNs = 1
    closed.outcome = 'complete'
    monitor.closed?.(closed)
    clock.advance(15_000)
    late.firstContentNs = 1
    clock.advance(60_000)
    expect(records().map(({ level, msg, id }) => [level, msg, id])).toEqual([
      ['info', 'exchange.closed', 'x_closed'],
      ['debug', 'exchange.waiting', 'x_late'],
    ])
    expect(clock.pending).toBe(0)
  })
})
