import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { deflateRawSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import type { CapturePiece } from '../../../src/capture/reader/items.ts'
import { openCapture } from '../../../src/capture/reader/open.ts'
import { tempFolder } from '../../support/temp-folder.ts'
import { blob, capture, header, inPieces, prompt, readAll, readBytes, sorted, textsOf } from './sample.ts'

const closing = { k: 'end', t: 9, records: 1, bytes: 1 }
const refer = (content: Buffer, len = content.length) => ({ ref: blob(content).id, len })
const body = (...d: unknown[]) => ({ k: 'b', x: 'x1', l: 0, n: 0, t: 1, d })

function saved(records: object[]): string {
  const path = join(tempFolder(), 'a.cbor')
  writeFileSync(path, capture([header(), ...records, closing]))
  return path
}

describe.each(['file', 'standard input'])('from a %s', (from) => {
  const read = (records: object[], limits = {}) => {
    if (from === 'file') return readAll(saved(records), { limits })
    return readAll('-', { stdin: inPieces(capture([header(), ...records, closing]), 500), limits })
  }

  test('a body is put together of its parts, in order and as often as they are named', async () => {
    const plain = Buffer.from('stored as it is '.repeat(20))
    const raw = { ...blob(prompt), d: deflateRawSync(prompt) }
    const records = [
      raw,
      blob(plain, 'none'),
      body(Buffer.from('<'), refer(prompt), refer(plain), refer(prompt), Buffer.from('>')),
    ]
    const { items, gaps } = await read(records)
    expect(textsOf(items)).toEqual([`<${prompt}${plain}${prompt}>`])
    expect(gaps).toEqual([])
  })

  test('a blob that is not there leaves out its bytes, is counted, and is told', async () => {
    const { items, gaps } = await read([body(Buffer.from('<'), refer(prompt), Buffer.from('>'))])
    expect(items[1]!.body()).toEqual({ bytes: Buffer.from('<>'), missing: prompt.length })
    expect(gaps).toEqual([
      expect.objectContaining({
        kind: 'missing_blob',
        bytes: prompt.length,
        exchanges: ['x1'],
        offset: items[1]!.offset,
      }),
    ])
  })

  test('a blob that stands behind its reference is none', async () => {
    const { gaps } = await read([body(refer(prompt)), blob(prompt)])
    expect(gaps).toHaveLength(1)
  })

  test.each<[string, object, number?]>([
    ['whose content is not what its id says', { d: blob(Buffer.from(prompt).fill(66)).d }],
    ['that inflates to more than it says', { len: prompt.length - 1 }, prompt.length - 1],
    ['that does not inflate', { d: Buffer.from('no zlib') }],
    ['of another length than is referred to', {}, prompt.length + 1],
  ])('a blob %s counts as missing', async (_, fields, len = prompt.length) => {
    const { items } = await read([{ ...blob(prompt), ...fields }, body(Buffer.from('<'), refer(prompt, len))])
    expect(items[2]!.body()).toEqual({ bytes: Buffer.from('<'), missing: len })
  })

  test('a bad blob is told once, when it was asked for', async () => {
    const bad = { ...blob(prompt), d: Buffer.from('no zlib') }
    const path = saved([bad, body(refer(prompt)), body(refer(prompt))])
    const pieces: CapturePiece[] = []
    const opened =
      from === 'file'
        ? openCapture(path)
        : openCapture('-', {
            stdin: inPieces(capture([header(), bad, body(refer(prompt)), body(refer(prompt)), closing]), 100),
          })
    for await (const piece of opened) {
      pieces.push(piece)
      if ('body' in piece) piece.body()
    }
    const gaps = sorted(pieces).gaps
    expect(gaps.filter(({ why }) => why.includes('not what its id says'))).toHaveLength(1)
  })
})

test('what the writer left out counts as missing', async () => {
  const { items } = await readBytes(capture([header(), { ...body(), enc: 'gzip', omitted: 77 }]))
  expect(items[1]!.body()).toEqual({ bytes: Buffer.alloc(0), missing: 77 })
})

test('bodies are put together long after they were read, from the file, with little in memory', async () => {
  const contents = Array.from({ length: 50 }, (_, i) => Buffer.from(`${i} `.repeat(400)))
  const records = contents.flatMap((content) => [blob(content), body(refer(content))])
  const { items } = await readAll(saved(records), { limits: { cacheBytes: 2000 } })
  const expected = contents.map(String)
  expect(textsOf(items)).toEqual(expected)
  expect(textsOf(items)).toEqual(expected)
})

test('standard input keeps as much as it may, and what it let go is missing', async () => {
  const contents = Array.from({ length: 50 }, (_, i) => Buffer.from(`${i} `.repeat(400)))
  const records = [
    ...contents.map((content) => blob(content, 'none')),
    ...contents.map((content) => body(refer(content))),
  ]
  const limits = { cacheBytes: 1, keptBytes: 10_000 }
  const { items } = await readAll('-', { stdin: inPieces(capture([header(), ...records])), limits })
  const missing = items.map((item) => item.body().missing)
  expect(missing.slice(-5)).toEqual([0, 0, 0, 0, 0])
  expect(missing.filter((bytes) => bytes > 0).length).toBeGreaterThan(30)
})

test('a few references cannot make a body of any size', async () => {
  const large = blob(Buffer.alloc(1 << 20))
  const records = [large, body(...new Array(1000).fill({ ref: large.id, len: large.len }))]
  const { items } = await readAll(saved(records), { limits: { bodyBytes: 5 << 20 } })
  const { bytes, missing } = items[2]!.body()
  expect(bytes.length).toBe(5 << 20)
  expect(missing).toBe(995 << 20)
})
