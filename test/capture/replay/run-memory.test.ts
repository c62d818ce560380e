import { expect, it } from 'vitest'
import { RunMemory } from '../../../src/capture/replay/run-memory.ts'
import type { CaptureEntry } from '../../../src/capture/writer/entries.ts'

const startNs = 1_767_614_400_000_000_000
const lent = Buffer.from('one')
const entries: CaptureEntry[] = [
  { k: 'xo', x: 'x_1', t: 10, ep: 'openai-chat' },
  { k: 's', x: 'x_1', t: 11, session: 's', turn: 2, stream: true },
  { k: 'h', x: 'x_1', l: 0, t: 12, m: 'POST', u: '/v1/chat/completions', hd: [['Host', 'a']] },
  { k: 'e', x: 'x_1', l: 0, t: 13, why: 'eof' },
  { k: 'h', x: 'x_1', l: 2, a: 1, t: 14, be: 'one', hd: [] },
  { k: 'h', x: 'x_1', l: 1, t: 15, st: 200, hd: [['Content-Type', 'text/event-stream']] },
  { k: 'b', x: 'x_1', l: 1, t: 1_000_000, bytes: lent },
]

it('has an exchange as far as it has come, with bytes that were only lent', () => {
  const memory = new RunMemory((t) => startNs + t)
  for (const entry of entries) memory.take(entry)
  lent.write('two')
  memory.take({ k: 'b', x: 'x_1', l: 1, t: 2_000_000, bytes: lent })
  const view = memory.view('x_1')
  expect(view).toMatchObject({
    id: 'x_1',
    protocol: 'openai-chat',
    session: 's',
    turn: 2,
    stream: true,
    closed: null,
  })
  expect(view?.ctp).toMatchObject({ method: 'POST', headers: [['host', 'a']], end: { why: 'eof' } })
  expect(view?.ptc).toMatchObject({ status: 200, end: null, missing: 0 })
  expect(view?.ptc?.chunks.map(({ bytes }) => Buffer.from(bytes).toString())).toEqual(['one', 'two'])
  expect((view?.ptc?.chunks[1]?.atNs ?? 0) - (view?.ptc?.chunks[0]?.atNs ?? 0)).toBeCloseTo(1_000_000, -3)
  expect(view?.attempts).toMatchObject([{ number: 1, backend: 'one', btp: null }])
})

it('keeps nothing of what was released, and knows nothing of what was not opened', () => {
  const memory = new RunMemory((t) => startNs + t)
  memory.take({ k: 'e', x: 'x_2', l: 0, t: 13, why: 'eof' })
  for (const entry of entries) memory.take(entry)
  expect(memory.view('x_2')).toBeNull()
  expect(memory.release('x_1')?.id).toBe('x_1')
  expect(memory.view('x_1')).toBeNull()
})
