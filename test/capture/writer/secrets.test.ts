import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { createSecrets } from '../../../src/core/secrets/secrets.ts'
import { tempFolder } from '../../support/temp-folder.ts'
import { aWriter } from './a-writer.ts'
import { WrittenExchange } from './an-exchange.ts'
import { captureFiles, chunksOf, everythingIn, readFolder } from './read-capture.ts'
import { settingsFor } from './settings-for.ts'

const runKey = Buffer.from('of this run')
const key = 'own_Zk9.51zz/QQtop+hidden=value'
/** What must stand nowhere: the key, and what every decoder would make the key of. */
const base64 = [0, 1, 2].map((before) => {
  const text = Buffer.from('x'.repeat(before) + key).toString('base64')
  return text.slice(before === 0 ? 0 : before + 1, Math.floor(((before + key.length) * 8) / 6))
})
const urlEncoded = encodeURIComponent(key)
const lowerHex = urlEncoded.replace(/%../g, (hex) => hex.toLowerCase())
const forms = [key, urlEncoded, lowerHex, ...base64]
const nothingOf = [
  'Zk9.51zz',
  'QQtop',
  'hidden',
  encodeURIComponent('zz/QQ'),
  ...base64.map((form) => form.slice(4, 24)),
]

function expectNoSecretIn(folder: string): void {
  const everything = everythingIn(captureFiles(folder))
  expect(everything.length).toBeGreaterThan(1_000)
  for (const part of nothingOf) expect(everything.indexOf(part), part).toBe(-1)
}

function knowing(folder: string, mode: 'all' | 'recent' = 'all') {
  const { writer } = aWriter(settingsFor(folder, { mode }), { runKey })
  writer.learn(key, 'provider-key')
  return writer
}

describe('a secret that the process knows', () => {
  it.each(['all', 'recent'] as const)(
    'stands in no file, on whatever leg it passed: mode %s',
    async (mode) => {
      const folder = tempFolder()
      const writer = knowing(folder, mode)
      forms.forEach((form, i) => {
        const filler = 'so that this is worth a blob '.repeat(300)
        const exchange = new WrittenExchange(writer, `x_${i}`, {
          request: JSON.stringify({ model: 'm', messages: [{ content: `${filler} ${form}` }], user: form }),
          url: `/v1/x?alt=sse&q=${form}&key=${form}`,
          headers: [
            ['Authorization', `Bearer ${form}`],
            ['X-Custom', `v1 ${form}`],
            ['Cookie', `a=${form}`],
            [`x-${form}`, 'as a name'],
          ],
          session: `session-${form}`,
        })
        exchange.ask()
        exchange.answer()
        exchange.chunk(JSON.stringify({ text: `${filler} ${form}` }))
        writer.write({ k: 'e', x: exchange.x, l: 3, a: 1, t: 1, why: 'error', err: `refused ${form}` })
        exchange.end({
          error: `with ${form}`,
          attempts: [attempt(`by ${form}`)],
          user: form,
          client_app: form,
        })
      })
      if (mode === 'recent') await writer.save()
      await writer.close()
      expectNoSecretIn(folder)
      const records = readFolder(folder)
      expect(records.filter(({ k }) => k === 'u')).toHaveLength(forms.length)
      // Names stay as they were sent, and equal secrets have the marks that they have in the log.
      const [authorization] = records.find(({ k, l }) => k === 'h' && l === 0)?.hd ?? []
      const secrets = createSecrets(runKey)
      secrets.add(key, 'provider-key')
      expect(authorization).toEqual(['Authorization', `Bearer ${secrets.redactText(key)}`])
      expect(records.find(({ k }) => k === 'u')?.error).toBe(`with ${secrets.redactText(key)}`)
    },
  )

  it('stands in no file when it is split over two chunks, at whatever place', async () => {
    const folder = tempFolder()
    const writer = knowing(folder)
    const expected = new Map<string, number[]>()
    for (const [f, form] of forms.entries()) {
      for (let cut = 1; cut < form.length; cut++) {
        const x = `x_${f}_${cut}`
        const chunks = [`data: {"t":"${form.slice(0, cut)}`, `${form.slice(cut)}"}\n\n`]
        expected.set(
          x,
          chunks.map((chunk) => chunk.length),
        )
        WrittenExchange.whole(writer, x, { chunks, request: '{}' })
      }
    }
    await writer.close()
    expectNoSecretIn(folder)
    const records = readFolder(folder)
    for (const [x, lengths] of expected) {
      expect(chunksOf(records, x, 3, 1).map(({ bytes }) => bytes.length)).toEqual(lengths)
    }
  })

  it('stands in no file when it is split and more is written before its second half comes', async () => {
    const folder = tempFolder()
    const writer = knowing(folder)
    const streams = Array.from({ length: key.length - 1 }, (_, cut) => {
      const exchange = new WrittenExchange(writer, `x_${cut}`)
      exchange.ask()
      exchange.answer()
      exchange.chunk(`data: {"t":"the words before ${key.slice(0, cut + 1)}`)
      return exchange
    })
    await writer.save()
    expectNoSecretIn(folder)
    const open = readFolder(folder)
    for (const { x } of streams) {
      const [first] = chunksOf(open, x, 1)
      expect(first?.bytes.toString()).toBe('data: {"t":"the words before ')
    }
    streams.forEach((exchange, cut) => {
      exchange.chunk(`${key.slice(cut + 1)}"}\n\n`)
      exchange.end()
    })
    await writer.close()
    expectNoSecretIn(folder)
    const closed = readFolder(folder)
    for (const { x } of streams) {
      const text = Buffer.concat(chunksOf(closed, x, 1).map(({ bytes }) => bytes)).toString()
      expect(text).toMatch(/^data: \{"t":"the words before provider-key-[0-9a-f]{4}\*{14}"\}\n\n$/)
    }
  })

  it('stands in no file when its bytes are encoded, also when they cannot be decoded', async () => {
    const folder = tempFolder()
    const writer = knowing(folder)
    const body = gzipSync(JSON.stringify({ text: key.repeat(3) }))
    const filler = 'nothing to hide '.repeat(100)
    WrittenExchange.whole(writer, 'x_good', { enc: 'gzip', chunks: [body], request: filler })
    WrittenExchange.whole(writer, 'x_unknown', { enc: 'rot13', chunks: [Buffer.from(`"${key}"`)] })
    WrittenExchange.whole(writer, 'x_damaged', { enc: 'br', chunks: [Buffer.from(`"${key}"`), 'more'] })
    await writer.close()
    expectNoSecretIn(folder)
    const records = readFolder(folder)
    const [good] = chunksOf(records, 'x_good', 1)
    expect(good?.bytes.toString()).toMatch(/^\{"text":"(provider-key-[0-9a-f]{4}\**){3}"\}$/)
    for (const [x, enc, omitted] of [
      ['x_unknown', 'rot13', [key.length + 2]],
      ['x_damaged', 'br', [key.length + 2, 4]],
    ] as const) {
      const bodies = records.filter((record) => record.k === 'b' && record.x === x && record.l === 1)
      expect(bodies.map((body) => body.omitted)).toEqual(omitted)
      expect(bodies.map((body) => [body.enc, body.d])).toEqual(omitted.map(() => [enc, []]))
    }
  })

  it('stands in no file when half of it was dropped or came before the capture was switched on', async () => {
    const folder = tempFolder()
    const writer = knowing(folder)
    const exchange = new WrittenExchange(writer, 'x_1')
    exchange.ask()
    exchange.answer()
    exchange.chunk(`data: ${'x'.repeat(1_000)} ${key.slice(0, 20)}`)
    void writer.configure(settingsFor(folder, { mode: 'off' }))
    exchange.chunk(`${key.slice(20)}"\n\ndata: ${key.slice(0, 12)}`)
    void writer.configure(settingsFor(folder))
    exchange.chunk(`${key.slice(12)}"\n\n`)
    exchange.end()
    await writer.close()
    const everything = everythingIn(captureFiles(folder))
    for (const part of ['own_Zk9.51', key.slice(12), 'hidden'])
      expect(everything.indexOf(part), part).toBe(-1)
  })
})

describe('a secret that becomes known', () => {
  it('stands in no file from then on, also in texts that were written before', async () => {
    const folder = tempFolder()
    const { writer } = aWriter(settingsFor(folder))
    const later = 'a-word-that-becomes-secret'
    const parts = { headers: [['X-Custom', later]], session: later } as const
    WrittenExchange.whole(writer, 'x_before', parts)
    writer.learn(later, 'header')
    WrittenExchange.whole(writer, 'x_after', parts)
    await writer.close()
    const texts = (x: string) => JSON.stringify(readFolder(folder).filter((record) => record.x === x))
    expect(texts('x_before')).toContain(later)
    expect(texts('x_after')).not.toContain(later)
  })
})

describe('a secret that the process does not know', () => {
  it.each<[string, string, string]>([
    ['authorization', 'Bearer client-key-nobody-knows-1', 'client-key-nobody-knows-1'],
    ['X-Goog-Api-Key', 'client-key-nobody-knows-2', 'client-key-nobody-knows-2'],
    ['Cookie', 'theme=dark; sid=client-key-nobody-knows-3', 'client-key-nobody-knows-3'],
    ['Set-Cookie', 'sid=client-key-nobody-knows-4; Path=/', 'client-key-nobody-knows-4'],
    ['Authorization', 'Basic dXNlcjpjbGllbnQta2V5LW5vYm9keS1rbm93cy01', 'client-key-nobody-knows-5'],
    ['x-internal-token', 'client-key-nobody-knows-6', 'client-key-nobody-knows-6'],
  ])('stands in no body behind the header %s that it came in', async (name, value, secret) => {
    const folder = tempFolder()
    const { writer } = aWriter(settingsFor(folder))
    const filler = 'nothing to hide '.repeat(80)
    WrittenExchange.whole(writer, 'x_1', {
      headers: [[name, value]],
      request: JSON.stringify({ model: 'm', key: secret, text: filler }),
      chunks: [`data: "you sent ${secret}, in base64 ${Buffer.from(secret).toString('base64')}"\n\n`],
    })
    await writer.close()
    const everything = everythingIn(captureFiles(folder))
    expect(everything.indexOf('nobody')).toBe(-1)
    expect(everything.indexOf(Buffer.from(secret).toString('base64').slice(2, -4))).toBe(-1)
    expect(everything.indexOf('you sent credential-')).toBeGreaterThan(0)
  })

  it('stands in no body behind the query that it came in, however its name is encoded', async () => {
    const folder = tempFolder()
    const { writer } = aWriter(settingsFor(folder))
    for (const [i, parameter] of ['key', 'k%65y', 'API_KEY', 'access_token'].entries()) {
      const secret = `query-key-nobody-knows${i}`
      WrittenExchange.whole(writer, `x_${i}`, {
        url: `/v1/x?alt=sse&${parameter}=${secret}`,
        chunks: [secret],
      })
    }
    await writer.close()
    expect(everythingIn(captureFiles(folder)).indexOf('nobody')).toBe(-1)
  })

  it('stands in no file when it is the value of a header that carries secrets, however that is spelt', async () => {
    const folder = tempFolder()
    const { writer } = aWriter(settingsFor(folder))
    const headers = [
      ['X-Api-Key', 'hunter2'],
      ['AUTHORIZATION', 'Bearer hunter2'],
      ['Set-Cookie', 'a=hunter2'],
    ] as const
    WrittenExchange.whole(writer, 'x_1', { headers, request: 'nothing to hide '.repeat(100) })
    await writer.close()
    expect(everythingIn(captureFiles(folder)).indexOf('hunter2')).toBe(-1)
  })

  it('stands in no file when it looks like a key', async () => {
    const folder = tempFolder()
    const { writer } = aWriter(settingsFor(folder))
    const foreign = 'sk-proj-abcDEF123456_7890xyz'
    for (let cut = 1; cut < foreign.length; cut++) {
      const chunks = [`data: "${foreign.slice(0, cut)}`, `${foreign.slice(cut)}"\n\n`]
      WrittenExchange.whole(writer, `x_${cut}`, {
        chunks,
        request: `{"key":"${foreign}"}`,
        url: `/?api_key=${cut}zq-unlikely`,
      })
    }
    await writer.close()
    const everything = everythingIn(captureFiles(folder))
    for (const part of ['abcDEF', '7890xyz', 'zq-unlikely']) expect(everything.indexOf(part), part).toBe(-1)
  })
})

function attempt(reason: string) {
  return { n: 1, backend: 'openai', backend_type: 'openai', model: reason, protocol: 'openai-chat', reason }
}
