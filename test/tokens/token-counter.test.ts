import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { Worker } from 'node:worker_threads'
import { afterEach, describe, expect, it, vi } from 'vitest'
import {
  createTokenCounter,
  type TokenCounter,
  type TokenCounterOptions,
} from '../../src/tokens/token-counter.ts'
import { longTexts } from './long-texts.ts'

const open: TokenCounter[] = []
function counter(options?: TokenCounterOptions): TokenCounter {
  const made = createTokenCounter(options)
  open.push(made)
  return made
}
afterEach(() => Promise.all(open.splice(0).map((each) => each.close())))

const thread = (code: string) =>
  new Worker(`const { parentPort } = require('node:worker_threads'); ${code}`, { eval: true })
/** Answers each text with its length. */
const measures = () =>
  thread(
    `parentPort.on('message', (jobs) =>
      parentPort.postMessage(jobs.map(({ id, texts }) => ({ id, counted: texts.map((t) => t.length), tookMs: 300 }))))`,
  )
const dies = () => thread("parentPort.on('message', () => process.exit(3))")
const fails = () => thread("parentPort.on('message', () => { throw new Error('out of order') })")
const silent = () => thread("parentPort.on('message', () => {})")

describe('createTokenCounter', () => {
  it('counts each text in its thread, in the order given', async () => {
    const texts = ['2 + 2 = 4', '', 'antidisestablishmentarianism', '2 + 2 = 4']
    expect(await counter().count(texts)).toEqual([7, 0, 6, 7])
  })

  it('starts no thread before the first text, and only one', async () => {
    const start = vi.fn(measures)
    const counts = counter({ start })
    expect(start).not.toHaveBeenCalled()
    await Promise.all([counts.count(['a']), counts.count(['b'])])
    expect(start).toHaveBeenCalledTimes(1)
  })

  it('counts the longest runs that no tokenizer likes', async () => {
    const counts = await counter().count(Object.values(longTexts))
    const tokensOf = Object.fromEntries(Object.keys(longTexts).map((name, index) => [name, counts?.[index]]))
    // 8 letters `a` are one token, and so is an emoji.
    expect(tokensOf['one letter']).toBe(25_000)
    expect(tokensOf.emoji).toBe(100_000)
    expect(tokensOf['random Chinese']).toBeGreaterThan(200_000)
  })

  it('gives null when too much is waiting, and counts again when the queue is short', async () => {
    const counts = counter({ longestQueue: 1000, start: measures })
    const first = counts.count(['x'.repeat(600)])
    expect(await counts.count(['y'.repeat(400)])).toBeNull()
    expect(await first).toEqual([600])
    expect(await counts.count(['y'.repeat(400)])).toEqual([400])
  })

  it('gives null for a text longer than the queue', async () => {
    expect(await counter({ longestQueue: 1000, start: measures }).count(['x'.repeat(1001)])).toBeNull()
  })

  it('counts for at most half of the time, and nothing more until what was taken beyond is paid back', async () => {
    const clock = { ns: 0, monotonicNs: () => clock.ns }
    const counts = counter({ start: measures, clock })
    // 500 ms are saved up, and each takes 300.
    expect(await counts.count(['a'])).toEqual([1])
    expect(await counts.count(['b'])).toEqual([1])
    clock.ns = 199e6
    expect(await counts.count(['c'])).toBeNull()
    clock.ns = 201e6
    expect(await counts.count(['d'])).toEqual([1])
    expect(counts.work).toEqual({ taken: 3, refused: 1, busyMs: 900 })
  })

  it('saves up no more than half a second', async () => {
    const clock = { ns: 0, monotonicNs: () => clock.ns }
    const counts = counter({ start: measures, clock })
    clock.ns = 3600e9
    expect(await counts.count(['a'])).toEqual([1])
    expect(await counts.count(['b'])).toEqual([1])
    expect(await counts.count(['c'])).toBeNull()
  })

  it('lets no number of empty texts wait without end', async () => {
    const counts = counter({ longestQueue: 1000, start: silent })
    const asked = Array.from({ length: 11 }, () => counts.count([]))
    expect(await asked[10]).toBeNull()
  })

  it.each([
    ['ends', dies, 'the thread that counts tokens ended with code 3'],
    ['throws', fails, 'out of order'],
  ])('gives null when the thread %s, says so once, and starts another', async (_, start, words) => {
    const causes: string[] = []
    const starts = [start, measures]
    const counts = counter({
      start: () => (starts.shift() ?? silent)(),
      onLost: (cause) => causes.push(cause.message),
    })
    expect(await Promise.all([counts.count(['a']), counts.count(['b'])])).toEqual([null, null])
    expect(await counts.count(['one more'])).toEqual([8])
    expect(causes).toEqual([words])
  })

  it('gives null for what waits when it is closed, and for all that comes later', async () => {
    const lost: Error[] = []
    const counts = counter({ start: silent, onLost: (cause) => lost.push(cause) })
    const waiting = counts.count(['a'])
    await counts.close()
    expect(await waiting).toBeNull()
    expect(await counts.count(['b'])).toBeNull()
    expect(lost).toEqual([])
  })

  it('does not keep the process alive', async () => {
    const module = new URL('../../src/tokens/token-counter.ts', import.meta.url).href
    const script = `
      import { createTokenCounter } from ${JSON.stringify(module)}
      const keepsAlive = setTimeout(() => {}, 60_000)
      console.log(await createTokenCounter().count(['2 + 2 = 4']))
      clearTimeout(keepsAlive)`
    const run = await promisify(execFile)(process.execPath, [
      '--import',
      'tsx',
      '--input-type=module',
      '-e',
      script,
    ])
    expect(run.stdout).toBe('[ 7 ]\n')
  })
})
