import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { readRecording } from '../../../../src/capture/replay/recording.ts'
import { tempFolder } from '../../../support/temp-folder.ts'
import { restart, v2Entry, v2Header } from '../../reader/v2/sample.ts'
import { aMock, askJson } from './a-mock.ts'

const key = `sk-proj-${'k3'.repeat(20)}`
const question = {
  model: 'gpt-4o',
  messages: [{ role: 'user', content: `Hi, my key is ${key}` }],
  stream: true,
}
const chunks = ['data: {"choices":[{"index":0,"delta":{"content":"Hel', 'lo"}}]}\n\n', 'data: [DONE]\n\n']

/** A streamed call and one that was refused, as the original writes them. */
function originalFile(): string {
  restart()
  const of = (rid: string, more = {}) => ({ meta: { rid, sid: 's1', be: 'openai', mod: 'gpt-4o', ...more } })
  const body = JSON.stringify(question)
  const sent = `POST /v1/chat/completions HTTP/1.1\r\nHost: api.openai.com\r\nAuthorization: Bearer ${key}\r\n\r\n`
  const refused = JSON.stringify({ model: 'gpt-4o', messages: [{ role: 'user', content: 'Ho' }] })
  const refusal =
    'HTTP/1.1 429 Too Many Requests\r\nContent-Type: application/json\r\nRetry-After: 7\r\n\r\n{"error":{}}'
  const path = join(tempFolder(), 'old.cbor')
  const entries = [
    v2Header(),
    v2Entry(0, body, of('r1')),
    v2Entry(2, sent + body, of('r1')),
    v2Entry(3, '', of('r1', { ss: true })),
    ...chunks.map((chunk, at) => v2Entry(3, chunk, of('r1', { ci: at + 1 }))),
    v2Entry(3, '', of('r1', { se: true })),
    ...chunks.map((chunk, at) => v2Entry(1, chunk, of('r1', { ci: at + 1 }))),
    v2Entry(0, refused, of('r2')),
    v2Entry(2, sent + refused, of('r2')),
    v2Entry(3, refusal, of('r2')),
    v2Entry(1, '{"error":{}}', of('r2')),
  ]
  writeFileSync(path, Buffer.concat(entries))
  return path
}

it('a file of the original answers as any, chunk by chunk, with keys that stand there in clear', async () => {
  const mock = await aMock(await readRecording(originalFile()))
  const answer = await askJson(mock, '/v1/chat/completions', question)
  expect(mock.lines).toEqual([expect.stringMatching(/^exact/)])
  expect(answer).toMatchObject({ status: 200, complete: true })
  expect(answer.pieces.map(String)).toEqual(chunks)
  expect(answer.headers['content-type']).toBe('text/event-stream')
})

it('its heads are given where it has them', async () => {
  const mock = await aMock(await readRecording(originalFile()))
  const { status, headers, text } = await askJson(mock, '/v1/chat/completions', {
    ...{ model: 'gpt-4o', messages: [{ role: 'user', content: 'Ho' }] },
  })
  expect([status, headers['retry-after'], text]).toEqual([429, '7', '{"error":{}}'])
})
