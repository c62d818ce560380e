import { describe, expect, it } from 'vitest'
import { protocolNames } from '../../../src/core/protocol-name.ts'
import { aCapture, addRefusal, edited } from '../../support/a-capture.ts'
import { exported } from './exported.ts'
import { harShape } from './har-shape.ts'

const har = async (...args: [Parameters<typeof exported>[0], Parameters<typeof exported>[2]?]) => {
  const text = await exported(args[0], 'har', args[1])
  return harShape.parse(JSON.parse(text)).log as unknown as { creator: object; entries: Entry[] }
}
type Entry = {
  request: { url: string; method: string; queryString: object[]; postData?: { text: string } }
  response: { status: number; content: { size: number; text: string; encoding?: string } }
  timings: { send: number; wait: number; receive: number }
  startedDateTime: string
  _llmproxy: { chunks: [number, number][]; attempt?: number; exchange: string }
}
const all = aCapture(
  protocolNames.flatMap((protocol) => [true, false].map((stream) => ({ protocol, stream }))),
)

describe('a HAR', () => {
  it('is what the specification says, of every protocol, streamed and whole, on both sides', async () => {
    for (const side of ['client', 'backend'] as const) {
      const { creator, entries } = await har(all, { side })
      expect(creator).toEqual({ name: 'llmproxy', version: '1.2.3' })
      expect(entries).toHaveLength(8)
    }
  })

  it('has the bodies as they were, and the time of every chunk beside them', async () => {
    const { entries } = await har(aCapture({ stream: true }))
    const [entry] = entries
    expect(entry?.response.content.text).toContain('data: {"id":"chatcmpl-1"')
    expect(entry?.request.postData?.text).toContain('"messages"')
    const lengths = entry?._llmproxy.chunks.map(([, length]) => length) ?? []
    expect(lengths.reduce((a, b) => a + b)).toBe(entry?.response.content.size)
    const times = entry?._llmproxy.chunks.map(([ns]) => ns) ?? []
    expect(times).toEqual(times.toSorted((a, b) => a - b))
    expect(times.length).toBeGreaterThan(3)
  })

  it('says where a request went: the client’s by its host, the backend’s as it was sent', async () => {
    const gemini = aCapture({ protocol: 'gemini', stream: true })
    const [client] = (await har(gemini)).entries
    expect(client?.request.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/v1beta\/models\/.*alt=sse$/)
    expect(client?.request.queryString).toEqual([{ name: 'alt', value: 'sse' }])
    const [backend] = (await har(gemini, { side: 'backend' })).entries
    expect(backend?.request.url).toMatch(/^https:\/\/generativelanguage\.googleapis\.com\//)
  })

  it('has an entry for each attempt on the backend’s side', async () => {
    const retried = edited(aCapture(), (x) => addRefusal(x))
    const { entries } = await har(retried, { side: 'backend' })
    expect(entries.map(({ response, _llmproxy }) => [_llmproxy.attempt, response.status])).toEqual([
      [1, 503],
      [2, 200],
    ])
  })

  it('holds bytes that are no text as base64', async () => {
    const bytes = Buffer.from([0, 255, 254, 10])
    const binary = edited(aCapture(), (x) => x.answer.setBody(bytes))
    const [entry] = (await har(binary)).entries
    expect(entry?.response.content).toMatchObject({
      encoding: 'base64',
      text: bytes.toString('base64'),
      size: 4,
    })
  })

  it('has status 0 where no answer came', async () => {
    const hung = edited(aCapture(), (x) => {
      x.ptc = null
      x.unclosed()
    })
    const [entry] = (await har(hung)).entries
    expect(entry?.response.status).toBe(0)
  })

  it('of an address that is none is still one', async () => {
    const odd = edited(aCapture(), (x) => {
      x.request.url = '/a b?%zz=\n'
      x.request.header('host', 'not a host')
    })
    const { entries } = await har(odd)
    expect(entries[0]?.request.url).toBe('http://localhost/')
  })

  it('is the same text for whoever parses it, and has nothing in it that a terminal would obey', async () => {
    const content = '\u001b[2J\u009b1m\u202e\u200b漢'
    const evil = aCapture({ request: { model: 'gpt-4o', messages: [{ role: 'user', content }] } })
    for (const format of ['har', 'jsonl'] as const) {
      const text = await exported(evil, format)
      expect(text).toContain('漢')
      expect(text).not.toMatch(/[\u001b\u009b\u202e\u200b]/)
    }
    const [entry] = (await har(evil)).entries
    expect(JSON.parse(entry?.request.postData?.text ?? '').messages[0].content).toBe(content)
  })

  it('without exchanges has no entries', async () => {
    expect((await har({ ...aCapture(), exchanges: [] })).entries).toEqual([])
  })
})
