import { Chalk } from 'chalk'
import { expect, it, vi } from 'vitest'
import { ProxyAway } from '../../../src/cli/api-client.ts'
import { type LiveOutput, showLive } from '../../../src/cli/live/show-live.ts'
import { OutputReader } from '../../support/output-reader.ts'

/** Sees 1, 2, 3 …; while `outage` is set it is away. */
function counting(reader: OutputReader, changed: Partial<LiveOutput> = {}) {
  const state = { asked: 0, outage: false }
  const ended = showLive({
    ...{ everyMs: 1, json: false, env: {}, chalk: new Chalk({ level: 0 }) },
    out: reader as unknown as NodeJS.WriteStream,
    ask: () => {
      if (state.outage) return Promise.reject(new ProxyAway('http://127.0.0.1:9', new Error('refused')))
      state.asked++
      return Promise.resolve(state.asked)
    },
    answerOf: (count) => ({ count }),
    print: (count, { width }) => ({ answer: [`● ${count}`], talk: [`in ${width}`] }),
    ...changed,
  })
  return { state, ended }
}

const times = (text: string, part: string) => text.split(part).length - 1

it('on a terminal draws over and over in one place, through an outage, and leaves the last picture', async () => {
  const listeners = process.listenerCount('SIGINT')
  const reader = new OutputReader(true, 40)
  const { state, ended } = counting(reader)
  await vi.waitFor(() => expect(reader.text).toContain('● 3'))
  state.outage = true
  await vi.waitFor(() => expect(reader.text).toContain('✖ no proxy answers at'))
  // What was seen last stays there, and what is said beside it.
  expect(reader.text.slice(reader.text.indexOf('✖'))).toMatch(/● \d+[^✖]*in 40/)
  reader.leave()
  await ended
  expect([reader.text.indexOf('\u001b[?1049h'), times(reader.text, '\u001b[?1049h')]).toEqual([0, 1])
  expect(reader.text.slice(reader.text.indexOf('\u001b[?1049l'))).toMatch(/every 0\.001 s; Ctrl-C ends it\n/)
  expect(process.listenerCount('SIGINT')).toBe(listeners)
})

it.each([
  ['a pipe', new OutputReader(false, 40), {}],
  ['a terminal that can do nothing', new OutputReader(true, 40), { TERM: 'dumb' }],
])('to %s writes one report after the other', async (_, reader, env) => {
  const { ended } = counting(reader, { env })
  await vi.waitFor(() => expect(reader.text).toMatch(/^\S+ {2}● 1\n\n\S+ {2}● 2\n\n/))
  reader.leave()
  await ended
  expect(reader.text).not.toContain('\u001b')
})

it('as JSON writes one answer a line, and an outage as errors', async () => {
  const reader = new OutputReader(false, 40)
  const { state, ended } = counting(reader, { json: true })
  await vi.waitFor(() => expect(reader.text).toMatch(/^\{"count":1\}\n\{"count":2\}\n/))
  state.outage = true
  const away = '{"error":{"code":"failed","message":"no proxy answers at http://127.0.0.1:9"}}\n'
  await vi.waitFor(() => expect(reader.text).toContain(away))
  reader.leave()
  await ended
})

it('a first question without an answer is a failure, told on the screen as it was', async () => {
  const reader = new OutputReader(true, 40)
  const ask = () => Promise.reject(new ProxyAway('http://127.0.0.1:9', new Error('refused')))
  const print = () => ({ answer: [], talk: [] })
  await expect(
    showLive({
      ...{ everyMs: 1, json: false, env: {}, chalk: new Chalk({ level: 0 }) },
      ...{ out: reader as unknown as NodeJS.WriteStream, ask, answerOf: () => null, print },
    }),
  ).rejects.toThrow('no proxy answers')
  expect(reader.text).toBe('')
})
