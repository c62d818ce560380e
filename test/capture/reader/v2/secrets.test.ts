import { beforeEach, expect, test } from 'vitest'
import { readBytes } from '../sample.ts'
import { restart, v2Entry, v2Header } from './sample.ts'

beforeEach(restart)

const key = 'Zx81-quite-a-long-key-of-no-known-form-2209'

test('a credential in the clear never leaves the reader: not by headers, address, body, nor any other leg', async () => {
  const meta = { rid: 'r1', sid: 's1' }
  const url = `/v1beta/models/m:generateContent?alt=sse&key=${key}`
  const request = [
    `POST ${url} HTTP/1.1`,
    `Authorization: Bearer ${key}`,
    `X-Api-Key: ${key}`,
    `Cookie: session=${key}`,
    'Content-Type: application/json',
    '',
    `{"note":"my key is ${key}"}`,
  ].join('\r\n')
  const half = Math.floor(key.length / 2)
  const { items } = await readBytes(
    Buffer.concat([
      v2Header(),
      v2Entry(2, request, { meta: { ...meta, be: 'gemini' } }),
      v2Entry(0, `{"echo":"${key}"}`, { meta: { ...meta, url, http_method: 'POST' } }),
      v2Entry(3, '', { meta: { ...meta, ss: true } }),
      // Cut across two chunks.
      v2Entry(3, `data: ${key.slice(0, half)}`, { meta: { ...meta, ci: 1 } }),
      v2Entry(3, `${key.slice(half)}\n\n`, { meta: { ...meta, ci: 2 } }),
      v2Entry(1, `data: ${key}\n\n`, { meta: { ...meta, ci: 1 } }),
    ]),
  )
  const all = items.map((item) => {
    const { hd, ...record } = item.record as { hd?: unknown }
    const text = JSON.stringify({ hd, ...record, wall_ns: 0, d: 0 })
    return text + Buffer.from(item.body().bytes).toString()
  })
  expect(all.join('\n')).not.toContain(key)
  expect(all.join('\n')).not.toContain(key.slice(0, half))
  expect(all.join('\n')).not.toContain(key.slice(half))
  const head = items.find(({ record }) => record.k === 'h' && record.l === 2)!.record
  expect(head).toMatchObject({
    u: expect.stringMatching(/^\/v1beta\/models\/m:generateContent\?alt=sse&key=[a-z]+-[0-9a-f]{4}\**$/),
    hd: expect.arrayContaining([
      ['Authorization', expect.stringMatching(/^Bearer [a-z]+-[0-9a-f]{4}\**$/)],
      ['Content-Type', 'application/json'],
    ]),
  })
  // Lengths and chunks stay as they were.
  const chunks = items.filter(({ record }) => record.k === 'b' && record.l === 3)
  expect(chunks.map((item) => item.body().bytes.length)).toEqual([6 + half, key.length - half + 2])
  expect(chunks.map(({ entry }) => entry)).toEqual([3, 4])
})
