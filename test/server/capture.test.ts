import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { openCapture } from '../../src/capture/reader/open.ts'
import { assemble, isGap } from '../../src/capture/view/assemble.ts'
import type { ExchangeView } from '../../src/capture/view/view.ts'
import { ExchangeWindow } from '../../src/capture/view/window.ts'
import { gate } from '../proxy/scenario.ts'
import {
  type Behaviour,
  chatStream,
  openaiError,
  startFakeProvider,
  streamHead,
  waitFor,
  write,
} from '../support/fake-provider.ts'
import { documentedJson } from '../support/openapi.ts'
import { startTestProxy } from '../support/start-proxy.ts'

const key = 'sk-proj-Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4'

async function startCapturing(capture: object, behaviour: Behaviour = chatStream(['Hel', 'lo'])) {
  const provider = await startFakeProvider(behaviour)
  const backend = { type: 'openai', api_url: `${provider.url}/v1`, api_key: key, stream_usage: 'never' }
  const proxy = await startTestProxy({
    config: {
      backends: { one: { ...backend, models: ['m'] } },
      wire_capture: { min_free_mb: 0, output_dir: 'taken', ...capture },
      health_check: { circuit_breaker_enabled: false },
    },
  })
  onTestFinished(async () => {
    await proxy.stop()
    await provider.close()
  })
  const folder = join(proxy.folder, 'taken')
  const ask = (session = 's') =>
    fetch(`${proxy.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'x-session-id': session },
      body: JSON.stringify({
        model: 'm',
        stream: true,
        messages: [{ role: 'user', content: `with ${key}` }],
      }),
    })
  const post = async (path: string, body: object) => {
    const answer = await fetch(`${proxy.url}${path}`, { method: 'POST', body: JSON.stringify(body) })
    return { status: answer.status, body: (await documentedJson(answer, 'POST')) as Record<string, unknown> }
  }
  const state = async () =>
    (
      (await documentedJson(await fetch(`${proxy.url}/internal/health`))) as {
        capture: Record<string, unknown>
      }
    ).capture
  const files = () => readdir(folder).catch(() => [] as string[])
  return { proxy, provider, folder, ask, post, state, files }
}

async function exchangesIn(path: string): Promise<ExchangeView[]> {
  const found: ExchangeView[] = []
  for await (const view of assemble(openCapture(path), new ExchangeWindow())) {
    if (!isGap(view)) found.push(view)
  }
  return found
}

const textOf = (leg: { body(): Uint8Array } | null | undefined) => Buffer.from(leg?.body() ?? []).toString()

describe('a capture of everything', () => {
  it('has all four legs of an exchange, without its secrets', async () => {
    const { proxy, provider, folder, ask } = await startCapturing({ enabled: true })
    const told = await (await ask()).text()
    await proxy.close()
    const [view, ...others] = await exchangesIn(folder)
    expect(others).toEqual([])
    expect(view).toMatchObject({
      protocol: 'openai-chat',
      session: 's',
      turn: 1,
      requestedModel: 'm',
      stream: true,
    })
    expect(view?.closed).toMatchObject({
      outcome: 'complete',
      status: 200,
      attempts: [{ backend: 'one', model: 'm' }],
    })
    expect(textOf(view?.ptc)).toBe(told)
    const [attempt] = view?.attempts ?? []
    expect(textOf(attempt?.btp)).toBe(told)
    expect(attempt?.ptb).toMatchObject({ method: 'POST', url: `${provider.url}/v1/chat/completions` })
    expect([view?.ctp, attempt?.ptb, attempt?.btp, view?.ptc].map((leg) => leg?.end?.why)).toEqual([
      ...['eof', 'eof', 'eof', 'eof'],
    ])
    const sent = provider.requests.find(({ method }) => method === 'POST')?.body.toString() ?? ''
    expect(sent).toContain(key)
    expect(textOf(attempt?.ptb)).toHaveLength(sent.length)
    const all = JSON.stringify([view, textOf(view?.ctp), textOf(attempt?.ptb)])
    expect(all).not.toContain(key)
    const authorization = attempt?.ptb?.headers.find(([name]) => name.toLowerCase() === 'authorization')?.[1]
    expect(authorization).toMatch(/^Bearer provider-key-[0-9a-f]{4}\*+$/)
  })

  it('has every attempt, the failed ones too', async () => {
    const { proxy, folder, ask } = await startCapturing({ enabled: true }, openaiError(500))
    await (await ask()).text()
    await proxy.close()
    const [view] = await exchangesIn(folder)
    expect(view?.attempts.map(({ btp }) => btp?.status)).toEqual([500])
    expect(view?.closed).toMatchObject({ outcome: 'error', error: 'backend_error' })
  })

  it('says of itself where it writes, and how much', async () => {
    const { folder, ask, state } = await startCapturing({ mode: 'all' })
    await (await ask()).text()
    await expect
      .poll(state, { timeout: 10_000 })
      .toMatchObject({ mode: 'all', dropped_records: 0, last_error: null })
    await expect.poll(async () => (await state()).bytes, { timeout: 10_000 }).toBeGreaterThan(100)
    expect(String((await state()).file).startsWith(folder)).toBe(true)
  })
})

describe('a capture that is off', () => {
  it('touches no disk, and says so', async () => {
    const { ask, state, files } = await startCapturing({})
    await (await ask()).text()
    expect(await state()).toEqual({ mode: 'off', file: null, bytes: 0, dropped_records: 0, last_error: null })
    expect(await files()).toEqual([])
  })

  it('can be switched on for what comes, and off again', async () => {
    const { proxy, folder, ask, post } = await startCapturing({})
    await (await ask('before')).text()
    expect(await post('/internal/capture', { mode: 'all' })).toMatchObject({
      status: 200,
      body: { mode: 'all' },
    })
    await (await ask('while')).text()
    await post('/internal/capture', { mode: 'off' })
    await (await ask('after')).text()
    await proxy.close()
    expect((await exchangesIn(folder)).map(({ session }) => session)).toEqual(['while'])
  })

  it('says at once when nothing can be recorded where it should', async () => {
    const { proxy, post, state } = await startCapturing({ output_dir: 'a-file' })
    await writeFile(join(proxy.folder, 'a-file'), 'of somebody')
    expect((await post('/internal/capture', { mode: 'all' })).body).toMatchObject({
      ...{ mode: 'all', file: null },
      last_error: expect.stringContaining('a-file'),
    })
    expect((await post('/internal/capture', { mode: 'off' })).body).toMatchObject({ last_error: null })
    expect(await state()).toMatchObject({ mode: 'off', last_error: null })
  })

  it('has nothing to save', async () => {
    const { post } = await startCapturing({})
    const { status, body } = await post('/internal/capture/save', {})
    expect([status, JSON.stringify(body)]).toEqual([409, expect.stringContaining('nothing is captured')])
  })

  it.each([
    ['/internal/capture', {}],
    ['/internal/capture', { mode: 'loud' }],
    ['/internal/capture', { mode: 'all', extra: 1 }],
    ['/internal/capture/save', { exchange: 7 }],
    ['/internal/capture/save', { exchange: '' }],
  ])('refuses POST %s %j', async (path, body) => {
    const { post } = await startCapturing({})
    expect((await post(path, body)).status).toBe(400)
  })
})

describe('mode recent', () => {
  it('keeps what passes in memory, and saves the exchange that hangs while it hangs', async () => {
    const held = gate()
    const piece = 'data: {"choices":[{"index":0,"delta":{"content":"Hel"}}]}\n\n'
    const { proxy, ask, post, files, folder } = await startCapturing({ mode: 'recent' }, [
      streamHead(),
      write(piece),
      waitFor(held.opened),
      write('data: [DONE]\n\n'),
    ])
    const answer = await ask('hangs')
    const reader = (answer.body as ReadableStream<Uint8Array>).getReader()
    await reader.read()
    expect(await files()).toEqual([])
    const id = answer.headers.get('x-llmproxy-exchange') ?? ''
    const saved = await post('/internal/capture/save', { exchange: id })
    expect(saved).toMatchObject({ status: 200, body: { exchanges: 1 } })
    const [hanging] = await exchangesIn(String(saved.body.file))
    expect(hanging).toMatchObject({ id, closed: null })
    expect(textOf(hanging?.ptc)).toBe(piece)
    held.open()
    while (!(await reader.read()).done);
    await proxy.close()
    const [whole] = await exchangesIn(folder)
    expect(textOf(whole?.ptc)).toBe(`${piece}data: [DONE]\n\n`)
    expect(whole?.closed).not.toBeNull()
  })

  it('saves an exchange by itself when an issue of severity error is found, and tells who listens', async () => {
    const { proxy, folder, ask, files } = await startCapturing({ mode: 'recent' }, openaiError(500))
    const abort = new AbortController()
    const events = await fetch(`${proxy.url}/internal/events`, { signal: abort.signal })
    const reader = (events.body as ReadableStream<Uint8Array>)
      .pipeThrough(new TextDecoderStream())
      .getReader()
    const answer = await ask()
    await answer.text()
    let told = ''
    while (!told.includes('backend_error')) told += (await reader.read()).value ?? ''
    abort.abort()
    expect(told).toContain('event: issue')
    await expect.poll(files, { timeout: 10_000 }).toHaveLength(1)
    await proxy.close()
    const [view] = await exchangesIn(folder)
    expect(view?.id).toBe(answer.headers.get('x-llmproxy-exchange'))
  })

  it('knows no exchange that never was', async () => {
    const { post } = await startCapturing({ mode: 'recent' })
    expect((await post('/internal/capture/save', { exchange: 'x_none' })).status).toBe(409)
  })
})

describe('a reload', () => {
  it('switches the capture where its mode changed, and leaves a switched one alone where it did not', async () => {
    const { proxy, post, state } = await startCapturing({})
    await post('/internal/capture', { mode: 'recent' })
    const config = (capture: object) => ({
      wire_capture: { min_free_mb: 0, output_dir: 'taken', ...capture },
    })
    await proxy.rewrite(config({ max_file_mb: 1 }))
    await proxy.reload()
    expect((await state()).mode).toBe('recent')
    await proxy.rewrite(config({ mode: 'all' }))
    await proxy.reload()
    expect((await state()).mode).toBe('all')
  })

  it('moves the limits of the issues that are found from then on', async () => {
    const call = chatStream([], { toolCalls: [{ name: 'read', arguments: { path: 'a' } }] })
    const { proxy, provider, ask } = await startCapturing({ thresholds: { tool_loop_turns: 50 } }, call)
    const config = (turns: number) => ({
      backends: { one: { type: 'openai', api_url: `${provider.url}/v1`, api_key: key, models: ['m'] } },
      wire_capture: { thresholds: { tool_loop_turns: turns } },
    })
    const abort = new AbortController()
    const events = await fetch(`${proxy.url}/internal/events`, { signal: abort.signal })
    const told = (events.body as ReadableStream<Uint8Array>).pipeThrough(new TextDecoderStream()).getReader()
    for (let turn = 0; turn < 3; turn++) await (await ask()).text()
    await proxy.rewrite(config(4))
    await proxy.reload()
    await (await ask()).text()
    let text = ''
    while (!text.includes('tool_loop')) text += (await told.read()).value ?? ''
    abort.abort()
    expect(text).toContain('"turns":4')
    expect(text.match(/event: issue/g)).toHaveLength(1)
  })
})
