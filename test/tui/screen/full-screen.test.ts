import { describe, expect, it } from 'vitest'
import { fullScreen } from '../../../src/tui/screen/full-screen.ts'

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP', 'exit'] as const
const listeners = () => signals.map((signal) => process.listenerCount(signal))

function aTerminal() {
  const done: string[] = []
  const out = { write: (text: string) => done.push(text) } as unknown as NodeJS.WriteStream
  const input = { isTTY: true, setRawMode: (isRaw: boolean) => done.push(`raw ${isRaw}`) }
  return { done, out, input: input as unknown as NodeJS.ReadStream }
}

const entered = ['raw true', '\u001b[?1049h\u001b[?25l\u001b[H']
const given = ['raw false', '\u001b[?25h\u001b[?1049l']

describe('a full screen', () => {
  it('is given back when what ran on it ends, and nothing is left behind', async () => {
    const before = listeners()
    const { done, out, input } = aTerminal()
    await fullScreen(out, input, () => {
      done.push('runs')
      return { ended: Promise.resolve(), stop: () => {} }
    })
    expect(done).toEqual([...entered, 'runs', ...given])
    expect(listeners()).toEqual(before)
  })

  it('is given back when what ran on it fails, early or late', async () => {
    const before = listeners()
    const failures: (() => { ended: Promise<unknown>; stop: () => void })[] = [
      () => {
        throw new Error('early')
      },
      () => ({ ended: Promise.reject(new Error('late')), stop: () => {} }),
    ]
    for (const run of failures) {
      const { done, out, input } = aTerminal()
      await expect(fullScreen(out, input, run)).rejects.toThrow(/early|late/)
      expect(done).toEqual([...entered, ...given])
    }
    expect(listeners()).toEqual(before)
  })

  it('has a signal stop what runs on it, and end with its number', async () => {
    const exitCode = process.exitCode
    const { done, out, input } = aTerminal()
    await fullScreen(out, input, () => {
      let end = () => {}
      const ended = new Promise<void>((resolve) => {
        end = resolve
      })
      setImmediate(() => process.emit('SIGTERM', 'SIGTERM'))
      return { ended, stop: () => end() }
    })
    expect(process.exitCode).toBe(143)
    expect(done).toEqual([...entered, ...given])
    process.exitCode = exitCode
  })

  it('does without a mode that it cannot set', async () => {
    const { out } = aTerminal()
    const input = {
      isTTY: true,
      setRawMode: () => {
        throw new Error('EIO')
      },
    } as unknown as NodeJS.ReadStream
    await fullScreen(out, input, () => ({ ended: Promise.resolve(), stop: () => {} }))
  })
})
