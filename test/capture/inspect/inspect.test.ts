import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { detectors } from '../../../src/capture/detectors/index.ts'
import { inspect } from '../../../src/capture/inspect/inspect.ts'
import { everything } from '../../../src/capture/inspect/selection.ts'
import { tempFolder } from '../../support/temp-folder.ts'
import { v2Entry, v2Header } from '../reader/v2/sample.ts'
import { captureFile } from './a-file.ts'
import { inspected } from './inspected.ts'
import { clean, refusals, silentBackend } from './trouble.ts'

let folder: string
let refused: string
let silent: string
beforeAll(() => {
  folder = tempFolder()
  refused = captureFile(folder, refusals(), 'refusals.cbor')
  silent = captureFile(folder, silentBackend(), 'silent.cbor')
})

describe('what is read of a capture', () => {
  it('gives every frame with whom it belongs to, though chunks do not name their backend', async () => {
    const { frames } = await inspected([refused])
    const chunks = frames.filter(({ leg, record }) => leg === 'BTP' && record === 'b')
    expect(
      new Set(chunks.map(({ exchange, attempt, backend }) => `${exchange} ${attempt} ${backend}`)),
    ).toEqual(new Set(['x_1 1 openai', 'x_2 1 azure', 'x_2 2 openai', 'x_3 1 openai']))
  })

  it('keeps all frames of an exchange whose backend is meant, the chunks and the client’s side included', async () => {
    const all = await inspected([refused])
    const { frames, ids } = await inspected([refused], { backends: ['azure'] })
    expect(ids).toEqual(['x_2'])
    expect(frames).toEqual(all.frames.filter(({ exchange }) => exchange === 'x_2'))
  })

  it('takes names with wildcards, without regard to case, and models without their date', async () => {
    expect((await inspected([refused], { backends: ['az*'] })).ids).toEqual(['x_2'])
    const capture = clean()
    for (const { closed } of capture.exchanges) if (closed) closed.requested_model = 'm-20250929'
    const dated = captureFile(folder, capture, 'dated.cbor')
    expect((await inspected([dated], { models: ['m'] })).ids).toEqual(['x_1', 'x_2'])
  })

  it('tells frames by leg, by time and by what is in them', async () => {
    const btp = await inspected([refused], { legs: new Set(['BTP']) })
    expect(new Set(btp.frames.map(({ leg }) => leg))).toEqual(new Set(['BTP']))
    const found = await inspected([refused], { search: 'rate limit reached' })
    expect(found.frames.map(({ leg, exchange }) => `${exchange} ${leg}`)).toEqual(['x_1 BTP', 'x_1 PTC'])
    expect(found.ids).toEqual(['x_1'])
    const sinceMs = Date.UTC(2026, 0, 5, 12, 4)
    const late = await inspected([refused], { sinceMs })
    expect(late.ids).toEqual(['x_3'])
    expect(late.frames.every(({ atNs }) => atNs >= sinceMs * 1e6)).toBe(true)
  })

  it('tells sessions by their whole name or a part of it', async () => {
    expect((await inspected([refused], { session: 's_batch' })).ids).toEqual(['x_1', 'x_2'])
    expect((await inspected([refused], { session: 's_bat' })).ids).toEqual([])
    expect((await inspected([refused], { sessionPart: 'bat' })).ids).toEqual(['x_1', 'x_2'])
  })

  it('reads no further than is wanted', async () => {
    let frames = 0
    const wants = { exchanges: false, issues: false, frames: { dataBytes: 0 } }
    await inspect(
      [silent],
      { selection: everything, wants, detectors },
      {
        frame: () => frames++,
        isDone: () => frames === 3,
      },
    )
    expect(frames).toBe(3)
  })

  it('measures an exchange: from the request’s last byte to the first content, and the longest silence', async () => {
    const { exchanges } = await inspected([silent])
    const [first, stalled] = exchanges
    expect(first?.ttftMs).toBeGreaterThan(300)
    expect(first?.ttftMs).toBeLessThan(500)
    expect(stalled?.gapMs).toBeGreaterThan(42_000)
    expect(stalled?.durationMs).toBeGreaterThan(42_000)
  })

  it('reads the original’s files: an entry is one frame, and the backend’s chunks are of its exchange', async () => {
    const meta = { sid: 's1', rid: 'req-1' }
    const path = join(folder, 'old.v2')
    const answer = 'data: {"choices":[{"index":0,"delta":{"content":"Hi"}}]}\n\n'
    writeFileSync(
      path,
      Buffer.concat([
        v2Header(),
        v2Entry(0, '{"model":"gpt-4o","messages":[]}', { seq: 0, meta: { ...meta, be: 'client' } }),
        v2Entry(2, 'POST /v1/chat/completions HTTP/1.1\r\nHost: a\r\n\r\n{"model":"gpt-4o"}', {
          seq: 1,
          meta: { ...meta, be: 'openai', mod: 'gpt-4o' },
        }),
        v2Entry(3, '', { seq: 2, meta: { ...meta, ss: true, be: 'openai', sc: 200 } }),
        v2Entry(3, answer, { seq: 3, meta: { ...meta, ci: 1 } }),
        v2Entry(1, answer, { seq: 4, meta: { ...meta, be: 'client' } }),
      ]),
    )
    const { frames, exchanges } = await inspected([path], { backends: ['openai'] })
    expect(frames.map(({ entry, leg, backend }) => `${entry} ${leg} ${backend}`)).toEqual([
      '0 CTP null',
      '1 PTB openai',
      '2 BTP openai',
      '3 BTP openai',
      '4 PTC openai',
    ])
    expect(exchanges[0]?.model).toBe('gpt-4o')
  })
})
