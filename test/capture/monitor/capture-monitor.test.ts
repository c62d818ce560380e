import { describe, expect, it } from 'vitest'
import { captureMonitor } from '../../../src/capture/monitor/capture-monitor.ts'
import type { CaptureEntry } from '../../../src/capture/writer/entries.ts'
import { ProxyError } from '../../../src/core/errors.ts'
import { anAttempt, anExchange } from '../../support/an-exchange.ts'

function aMonitor(isOn = true) {
  const entries: CaptureEntry[] = []
  const monitor = captureMonitor({
    write: (entry) => void entries.push(entry),
    isOn: () => isOn,
    priceOf: () => null,
  })
  return { monitor, entries }
}

const exchange = anExchange({ id: 'x_1', openedNs: 5_000, attempts: [anAttempt({ startedNs: 30 })] })

describe('the capture’s monitor', () => {
  it('writes what passes with the time at which it passed, by the clock of the process', () => {
    const { monitor, entries } = aMonitor()
    const bytes = Buffer.from('abc')
    monitor.opened?.(exchange)
    monitor.wireHead?.(
      exchange,
      'CTP',
      null,
      { request: { method: 'POST', url: '/v1/x?y' }, headers: [['A', 'b']] },
      1,
    )
    monitor.wireBytes?.(exchange, 'CTP', null, bytes, 2)
    monitor.wireEnd?.(exchange, 'CTP', null, { why: 'eof', error: null }, 3)
    expect(entries).toEqual([
      { k: 'xo', x: 'x_1', t: 5_000, ep: 'anthropic-messages' },
      { k: 'h', x: 'x_1', l: 0, t: 5_001, m: 'POST', u: '/v1/x?y', hd: [['A', 'b']] },
      { k: 'b', x: 'x_1', l: 0, t: 5_002, bytes },
      { k: 'e', x: 'x_1', l: 0, t: 5_003, why: 'eof' },
    ])
  })

  it('says of a backend’s request whom it asks, and of each head its encoding', () => {
    const { monitor, entries } = aMonitor()
    monitor.wireHead?.(
      exchange,
      'PTB',
      1,
      { request: { method: 'POST', url: 'https://b/v1' }, headers: [] },
      40,
    )
    monitor.wireHead?.(exchange, 'BTP', 1, { status: 200, headers: [['Content-Encoding', 'gzip']] }, 50)
    expect(entries).toMatchObject([
      { l: 2, a: 1, be: 'anthropic', bt: 'anthropic', mod: 'sonnet-4-5', pr: 'anthropic-messages' },
      { l: 3, a: 1, st: 200, enc: 'gzip' },
    ])
  })

  it('names the session with the first attempt, so that one which hangs has it', () => {
    const { monitor, entries } = aMonitor()
    const [first] = exchange.attempts
    if (first) monitor.attempted?.(exchange, first)
    monitor.attempted?.(exchange, anAttempt({ number: 2 }))
    expect(entries).toEqual([
      {
        ...{ k: 's', x: 'x_1', t: 5_030, stream: true, session: 's1', turn: 3 },
        ...{ client_app: 'claude', requested_model: 'sonnet-4-5' },
      },
    ])
  })

  it('ends an exchange with what the proxy made of it, and leaves out what is not known', () => {
    const { monitor, entries } = aMonitor()
    const failed = new ProxyError('backend_timeout', 'no answer')
    monitor.closed?.(
      anExchange({
        ...{ id: 'x_1', openedNs: 5_000, closedNs: 100, session: null, clientApp: null, outcome: 'error' },
        ...{ status: 504, error: failed, replacement: { rule: '*=a:b', decision: 'lost_roll' } },
        attempts: [
          anAttempt({
            usage: null,
            status: null,
            error: failed,
            reason: 'no answer',
            dropped: ['seed'],
            replaces: true,
          }),
        ],
      }),
    )
    expect(entries).toEqual([
      {
        ...{ k: 'u', x: 'x_1', t: 5_100, purpose: 'chat', stream: true, requested_model: 'sonnet-4-5' },
        ...{ outcome: 'error', error: 'backend_timeout', status: 504 },
        replacement: { rule: '*=a:b', decision: 'lost_roll' },
        attempts: [
          {
            ...{ n: 1, backend: 'anthropic', backend_type: 'anthropic', model: 'sonnet-4-5' },
            ...{ protocol: 'anthropic-messages', replaces: true, reason: 'no answer' },
            ...{ error: 'backend_timeout', dropped: ['seed'] },
          },
        ],
      },
    ])
  })

  it('wants nothing of the wire while it is off, and still knows which exchanges are open', () => {
    const { monitor, entries } = aMonitor(false)
    expect(monitor.hearsWire?.()).toBe(false)
    monitor.opened?.(exchange)
    monitor.closed?.(exchange)
    expect(entries.map(({ k }) => k)).toEqual(['xo', 'unheard'])
  })
})
