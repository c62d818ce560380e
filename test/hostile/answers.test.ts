import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { startScenario } from '../proxy/scenario.ts'
import { chatAnswer, closeWithoutAnswer, head, raw, whole, write } from '../support/fake-provider.ts'

const json = { 'content-type': 'application/json' }
const notStreamed = { stream: false }

describe('an answer that is not HTTP as it should be is a 502 that says so', () => {
  it.each([
    ['a line break in a header', 'x-a: b\rset-cookie: c=d\r\ncontent-length: 2\r\n\r\n{}'],
    ['a control character in a header', 'x-a: \x1b[31m\r\ncontent-length: 2\r\n\r\n{}'],
    ['a folded header', 'x-a: b\r\n c\r\ncontent-length: 2\r\n\r\n{}'],
    ['headers of 100 kB', `x-a: ${'a'.repeat(100_000)}\r\ncontent-length: 2\r\n\r\n{}`],
    ['a length that is none', 'content-length: -2\r\n\r\n{}'],
    ['two lengths', 'content-length: 2\r\ncontent-length: 3\r\n\r\n{}'],
    ['a length and chunks', 'content-length: 2\r\ntransfer-encoding: chunked\r\n\r\n3\r\n{ }\r\n0\r\n\r\n'],
    ['a chunk without a length', 'transfer-encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n'],
  ])('%s', async (_what, rest) => {
    const { a, chat } = await startScenario()
    a.answer([raw(`HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n${rest}`), closeWithoutAnswer()])
    const answer = await chat(notStreamed)
    expect(answer.status).toBe(502)
    expect(answer.headers).not.toHaveProperty('set-cookie')
    const { error } = JSON.parse(await answer.text())
    expect(error.code).toBe('backend_answer')
    expect(error.message).toContain('backend openai.a answered with something that is not HTTP')
  })

  it('an upgrade that nobody asked for', async () => {
    const { a, chat } = await startScenario()
    a.answer([
      raw('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n'),
      closeWithoutAnswer(),
    ])
    const answer = await chat(notStreamed)
    expect(answer.status).toBe(502)
    expect(JSON.parse(await answer.text()).error.code).toBe('backend_answer')
  })
})

describe('an answer that inflates without measure', () => {
  const bomb = gzipSync(Buffer.alloc(100 << 20, ' '))

  it('passes as it came to a client that takes its encoding, and is not read', async () => {
    const { a, chat, watch } = await startScenario()
    a.answer(whole(200, bomb, { headers: { 'content-encoding': 'gzip' } }))
    const answer = await chat(notStreamed, { headers: { 'accept-encoding': 'gzip' } })
    expect(answer.headers).toMatchObject({
      'content-encoding': 'gzip',
      'content-length': String(bomb.length),
    })
    const bytes: Buffer[] = []
    for await (const chunk of answer.chunks) bytes.push(chunk.bytes)
    expect(Buffer.concat(bytes).equals(bomb)).toBe(true)
    expect((await watch.closedExchange()).attempts[0]?.usage).toBeNull()
  })

  it('is refused where the client does not take it, and another target answers', async () => {
    const { a, b, chat, watch } = await startScenario({ targets: 2 })
    a.answer(whole(200, bomb, { headers: { 'content-encoding': 'gzip' } }))
    b.answer(chatAnswer({ text: 'from b' }))
    const answer = await chat(notStreamed)
    expect(await answer.text()).toContain('from b')
    expect((await watch.closedExchange()).attempts[0]?.reason).toContain('inflates beyond all measure')
  })

  it('of half that measure is inflated for the client, but not read', async () => {
    const { a, chat, watch } = await startScenario()
    const plain = Buffer.from(
      `{"usage":{"prompt_tokens":1,"completion_tokens":1},"a":[${'{},'.repeat(4e6)}1]}`,
    )
    a.answer(whole(200, gzipSync(plain), { headers: { 'content-encoding': 'gzip' } }))
    const answer = await chat(notStreamed)
    expect((await answer.text()) === plain.toString()).toBe(true)
    expect((await watch.closedExchange()).attempts[0]?.usage).toBeNull()
  })
})

describe('a redirect past this proxy', () => {
  it.each([
    'https://elsewhere.example/v1/chat/completions',
    '//elsewhere.example/',
    '/\t/elsewhere.example/',
    '\\\\elsewhere.example\\',
  ])('to %j is not passed on: the client would take its keys there', async (location) => {
    const { a, chat } = await startScenario()
    a.answer([head(307, { ...json, location }), write('{}')])
    const answer = await chat(notStreamed)
    expect(answer.status).toBe(502)
    expect(answer.headers).not.toHaveProperty('location')
    const { error } = JSON.parse(await answer.text())
    expect(error.code).toBe('backend_answer')
    expect(error.message).toContain('backend openai.a redirects to ')
    expect(error.message).toContain('backends.openai.a.api_url')
  })

  it('leads on to the next target', async () => {
    const { a, b, chat } = await startScenario({ targets: 2 })
    a.answer([head(301, { location: 'https://elsewhere.example/' })])
    b.answer(chatAnswer({ text: 'from b' }))
    expect(await (await chat(notStreamed)).text()).toContain('from b')
  })

  it('within the same host passes as it is', async () => {
    const { a, chat } = await startScenario()
    a.answer([head(307, { location: '/v1/chat/completions/' })])
    const answer = await chat(notStreamed)
    expect(answer.status).toBe(307)
    expect(answer.headers.location).toBe('/v1/chat/completions/')
  })
})

describe('numbers and names that no provider means', () => {
  it('are not reported', async () => {
    const { a, chat, watch } = await startScenario()
    const usage = { prompt_tokens: -5, completion_tokens: 7, total_tokens: 1e300, cost: -1 }
    a.answer(whole(200, { id: 'x', choices: [], usage }))
    const answer = await chat(notStreamed)
    expect(answer.headers).not.toHaveProperty('x-usage-prompt-tokens')
    expect(answer.headers).not.toHaveProperty('x-usage-cost')
    expect(answer.headers['x-usage-completion-tokens']).toBe('7')
    expect((await watch.closedExchange()).attempts[0]?.usage).toEqual({ completionTokens: 7 })
  })

  it('do not fill the memory: of endless tool calls a thousand names are kept, cut', async () => {
    const { a, chat, watch } = await startScenario()
    const calls = Array.from({ length: 3000 }, (_, index) => {
      return { index, id: `call_${index}`, function: { name: 'n'.repeat(1000), arguments: '' } }
    })
    const message = { role: 'assistant', tool_calls: calls }
    a.answer(whole(200, { choices: [{ index: 0, message, finish_reason: 'tool_calls' }] }))
    await (await chat(notStreamed)).text()
    const names = (await watch.closedExchange()).attempts[0]?.toolNames
    expect(names).toEqual(Array.from({ length: 1000 }, () => 'n'.repeat(256)))
  })
})
