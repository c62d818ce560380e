import { once } from 'node:events'
import { appendFileSync, mkdirSync, renameSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { isItem } from '../../../src/capture/reader/items.ts'
import { openCapture } from '../../../src/capture/reader/open.ts'
import { tempFolder } from '../../support/temp-folder.ts'
import { frame } from '../format/mini-cbor.ts'
import { capture, frameOffsets, header, readAll, sampleRecords, startNs } from './sample.ts'

const whole = capture()

/** A closed section of one exchange, which began so many seconds after the others' start. */
function runAt(seconds: number, exchange: string): Buffer {
  const opened = { k: 'xo', x: exchange, t: 5, ep: 'gemini' }
  const wall_ns = startNs + BigInt(seconds) * 1_000_000_000n
  return capture([header({ wall_ns }), opened, { k: 'end', t: 9, records: 3, bytes: 1 }])
}

function exchangesOf(items: readonly { record: object }[]): string[] {
  return items.flatMap(({ record }) => ('x' in record && typeof record.x === 'string' ? [record.x] : []))
}

test('a file is read with the time since 1970 of each record, and told how far it is', async () => {
  const path = join(tempFolder(), 'a.cbor')
  writeFileSync(path, whole)
  const progress: [number, number | null][] = []
  const { items, gaps } = await readAll(path, { onProgress: (...told) => progress.push(told) })
  expect(items[1]).toMatchObject({ file: path, version: 3, entry: 1, wallNs: Number(startNs) + 1_000_000 })
  expect(gaps).toEqual([])
  expect(progress.at(-1)).toEqual([whole.length, whole.length])
})

describe('a folder', () => {
  test('is all its captures, by when they were begun, whatever their names and dates', async () => {
    const folder = tempFolder()
    writeFileSync(join(folder, 'a.cbor'), runAt(20, 'third'))
    writeFileSync(join(folder, 'b.cbor'), runAt(0, 'first'))
    writeFileSync(join(folder, 'c.cbor'), runAt(10, 'second'))
    utimesSync(join(folder, 'c.cbor'), 1, 1)
    writeFileSync(join(folder, 'd.txt'), 'no capture')
    mkdirSync(join(folder, 'e.cbor'))
    const { items } = await readAll(folder)
    expect(exchangesOf(items)).toEqual(['first', 'second', 'third'])
    expect(items.map(({ entry }) => entry)).toEqual([0, 1, 2, 0, 1, 2, 0, 1, 2])
  })

  test('with files in it that cannot be read names them and reads the rest', async () => {
    const folder = tempFolder()
    writeFileSync(join(folder, 'b.cbor'), runAt(0, 'first'))
    symlinkSync('a.cbor', join(folder, 'a.cbor'))
    const socket = createServer().listen(join(folder, 'c.cbor'))
    await once(socket, 'listening')
    try {
      const { items, gaps } = await readAll(folder)
      expect(exchangesOf(items)).toEqual(['first'])
      const why = (name: string) => expect.stringMatching(new RegExp(`${name}\\.cbor cannot be read: `))
      expect(gaps).toEqual([
        expect.objectContaining({ kind: 'damaged', bytes: 0, why: why('a') }),
        expect.objectContaining({ kind: 'damaged', bytes: 0, why: why('c') }),
      ])
    } finally {
      socket.close()
    }
  })

  test('with something else in it says so and reads the rest', async () => {
    const folder = tempFolder()
    writeFileSync(join(folder, 'a.cbor'), 'no capture at all')
    writeFileSync(join(folder, 'b.cbor'), runAt(0, 'first'))
    writeFileSync(join(folder, 'c.cbor'), '')
    const { items, gaps } = await readAll(folder)
    expect(exchangesOf(items)).toEqual(['first'])
    expect(gaps).toEqual([
      expect.objectContaining({
        kind: 'damaged',
        bytes: 17,
        why: expect.stringMatching(/no llmproxy capture: .*a\.cbor/),
      }),
    ])
  })

  test('without a capture is an error that names it', async () => {
    const folder = tempFolder()
    await expect(readAll(folder)).rejects.toThrow(
      expect.objectContaining({ code: 'not_found', message: `there is no capture (*.cbor) in ${folder}` }),
    )
  })
})

test('several files are read in the order in which they are named', async () => {
  const folder = tempFolder()
  writeFileSync(join(folder, 'a'), runAt(20, 'later'))
  writeFileSync(join(folder, 'b'), runAt(0, 'earlier'))
  const { items } = await readAll([join(folder, 'a'), join(folder, 'b')])
  expect(exchangesOf(items)).toEqual(['later', 'earlier'])
})

test('a file that is not there, that is none, or that is no capture is an error of one sentence', async () => {
  const folder = tempFolder()
  const path = join(folder, 'a.cbor')
  await expect(readAll(path)).rejects.toThrow(
    expect.objectContaining({ code: 'not_found', message: `there is no file ${path}` }),
  )
  writeFileSync(path, '{"some": "json"}')
  await expect(readAll(path)).rejects.toThrow(
    expect.objectContaining({
      code: 'not_a_capture',
      message: `no llmproxy capture: ${path} (nothing in its 16 bytes is a frame of one)`,
    }),
  )
})

test('what has lost its header has the times of the file', async () => {
  const path = join(tempFolder(), 'a.cbor')
  writeFileSync(path, whole.subarray(frameOffsets()[1]))
  const before = Date.now() * 1e6
  const { items } = await readAll(path)
  expect(Math.abs((items[0]?.wallNs ?? 0) - before)).toBeLessThan(60e9)
})

describe('following', () => {
  /** Reads on until as many items have come as are asked for. */
  function follower(path: string) {
    const abort = new AbortController()
    const pieces = openCapture(path, { follow: true, signal: abort.signal, pollMs: 5 })
    return {
      async items(count: number) {
        const items: string[] = []
        while (items.length < count) {
          const { value, done } = await pieces.next()
          if (done) throw new Error('it ended')
          if (isItem(value)) items.push('x' in value.record ? String(value.record.x) : value.record.k)
        }
        return items
      },
      async end() {
        const next = pieces.next()
        abort.abort()
        return (await next).done
      },
    }
  }

  test('waits for the rest of a frame, and ends by its signal without complaint', async () => {
    const path = join(tempFolder(), 'a.cbor')
    const cut = (frameOffsets()[2] ?? 0) + 20
    writeFileSync(path, whole.subarray(0, cut))
    const following = follower(path)
    expect(await following.items(2)).toEqual(['hdr', 'x1'])
    const next = following.items(18)
    appendFileSync(path, whole.subarray(cut, cut + 3))
    appendFileSync(path, whole.subarray(cut + 3))
    expect(await next).toHaveLength(sampleRecords.length - 2)
    expect(await following.end()).toBe(true)
  })

  test('begins with a file that is still empty', async () => {
    const path = join(tempFolder(), 'a.cbor')
    writeFileSync(path, '')
    const following = follower(path)
    const first = following.items(1)
    appendFileSync(path, whole)
    expect(await first).toEqual(['hdr'])
    await following.items(19)
    expect(await following.end()).toBe(true)
  })

  test('takes in new files of a folder, and what comes of the old ones', async () => {
    const folder = tempFolder()
    const open = capture([header(), { k: 'xo', x: 'a1', t: 1, ep: '' }])
    writeFileSync(join(folder, 'a.cbor'), open)
    const following = follower(folder)
    expect(await following.items(2)).toEqual(['hdr', 'a1'])
    writeFileSync(join(folder, 'b.part'), runAt(5, 'b1'))
    renameSync(join(folder, 'b.part'), join(folder, 'b.cbor'))
    expect(await following.items(3)).toEqual(['hdr', 'b1', 'end'])
    appendFileSync(join(folder, 'a.cbor'), frame({ k: 'xo', x: 'a2', t: 2, ep: '' }))
    expect(await following.items(1)).toEqual(['a2'])
    expect(await following.end()).toBe(true)
  })
})
