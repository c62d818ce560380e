import { expect, it, vi } from 'vitest'
import { ProxyAway } from '../../src/cli/api-client.ts'
import { poll } from '../../src/tui/poll.ts'
import type { TopEvent } from '../../src/tui/reducer.ts'
import { aSnapshot, atMs } from './a-snapshot.ts'

function polling(next: (signal: AbortSignal) => Promise<ReturnType<typeof aSnapshot>>) {
  const events: TopEvent[] = []
  const stop = new AbortController()
  const source = { label: '', isDemo: false, next }
  const ended = poll({
    source,
    everyMs: 1,
    send: (event) => void events.push(event),
    signal: stop.signal,
    nowMs: () => atMs,
  })
  return { events, stop, ended }
}

it('asks again and again, through an outage', async () => {
  let asked = 0
  const { events, stop, ended } = polling(() => {
    asked++
    return asked === 2
      ? Promise.reject(new ProxyAway('http://127.0.0.1:9', null))
      : Promise.resolve(aSnapshot())
  })
  await vi.waitFor(() => expect(events.length).toBeGreaterThan(2))
  stop.abort()
  await ended
  expect(events.slice(0, 3).map(({ kind }) => kind)).toEqual([
    'snapshotArrived',
    'snapshotFailed',
    'snapshotArrived',
  ])
  expect(events[1]).toMatchObject({ message: 'no proxy answers at http://127.0.0.1:9', atMs })
})

it('ends at once when it is enough, also while a proxy does not answer', async () => {
  const { events, stop, ended } = polling(
    (signal) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
  )
  stop.abort()
  await ended
  expect(events).toEqual([])
})

it('does not hide a fault of its own as an outage', async () => {
  await expect(polling(() => Promise.reject(new TypeError('a fault'))).ended).rejects.toThrow('a fault')
})
