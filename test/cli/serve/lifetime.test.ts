import { EventEmitter } from 'node:events'
import { expect, test } from 'vitest'
import { type Lifetime, untilEnded } from '../../../src/cli/serve/lifetime.ts'

/** Node 20 has no Promise.withResolvers. */
function deferred() {
  let resolve = () => {}
  let reject: (error: Error) => void = () => {}
  const promise = new Promise<void>((done, failed) => {
    resolve = done
    reject = failed
  })
  return { promise, resolve, reject }
}

/** A proxy whose close ends when the test says so, and signals that the test sends. */
function aLifetime(overrides: Partial<Lifetime> = {}) {
  const signals = new EventEmitter()
  const said: string[] = []
  const calls = { close: 0, reload: 0 }
  const drained = deferred()
  const ended = untilEnded({
    signals,
    close: () => {
      calls.close++
      return drained.promise
    },
    reload: () => {
      calls.reload++
      return Promise.resolve()
    },
    graceSeconds: () => 30,
    say: (line) => said.push(line),
    nowMs: () => 0,
    sameSignalMs: 0,
    terminalGone: () => false,
    ...overrides,
  })
  return { signals, said, calls, drained, ended, send: (signal: string) => signals.emit(signal, signal) }
}

test('the first signal drains, says for how long at most, and ends with 0', async () => {
  const life = aLifetime()
  life.send('SIGTERM')
  expect(life.calls.close).toBe(1)
  expect(life.said.join()).toMatch(/SIGTERM.*30 s.*once more/)
  life.drained.resolve()
  expect(await life.ended).toBe(0)
})

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
])('a second signal, %s, ends at once with %i', async (signal, exitCode) => {
  const life = aLifetime()
  life.send('SIGTERM')
  life.send(signal)
  expect(await life.ended).toBe(exitCode)
  expect(life.calls.close).toBe(1)
})

test('the copy of a signal that npm passes on is not a second one', async () => {
  let nowMs = 0
  const life = aLifetime({ nowMs: () => nowMs, sameSignalMs: 300 })
  life.send('SIGINT')
  nowMs = 299
  life.send('SIGINT')
  expect(life.said).toHaveLength(1)
  nowMs = 300
  life.send('SIGINT')
  expect(await life.ended).toBe(130)
})

test('SIGHUP reloads, and a failed reload does not end anything', async () => {
  const life = aLifetime()
  life.send('SIGHUP')
  expect(life.calls.reload).toBe(1)
  const failing = aLifetime({ reload: () => Promise.reject(new Error('no such file')) })
  failing.send('SIGHUP')
  await Promise.resolve()
  failing.send('SIGTERM')
  failing.drained.resolve()
  expect(await failing.ended).toBe(0)
  expect(failing.said[0]).toMatch(/no such file/)
})

test('SIGHUP from a closed terminal drains, for nobody could end it any more', async () => {
  const life = aLifetime({ terminalGone: () => true })
  life.send('SIGHUP')
  life.drained.resolve()
  expect(await life.ended).toBe(0)
  expect(life.calls).toEqual({ close: 1, reload: 0 })
})

test('a drain that fails is the command’s failure', async () => {
  const life = aLifetime()
  life.send('SIGTERM')
  life.drained.reject(new Error('disk full'))
  await expect(life.ended).rejects.toThrow('disk full')
})

test('afterwards no signal is held back any more', async () => {
  const life = aLifetime()
  life.send('SIGTERM')
  life.drained.resolve()
  await life.ended
  expect(life.signals.eventNames()).toEqual([])
})
