import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import type { CompareLevel } from '../../../../src/capture/diff/difference.ts'
import { protocolNames } from '../../../../src/core/protocol-name.ts'
import {
  head,
  refusedPort,
  responsesAnswer,
  startFakeProvider,
  waitFor,
  write,
} from '../../../support/fake-provider.ts'
import { type Middleman, startMiddleman } from '../../../support/faulty-middleman.ts'
import { droppedToolCall, lostHeader, swallowedChunk, wrongUsage } from '../../../support/spoilt-answers.ts'
import { everyProtocol, providerKey, type RecordedRun, requestIn, startRecordedRun } from '../recorded-run.ts'
import { replayedAgainst, wordsOf } from './replayed-against.ts'

async function recordedMatrix() {
  const run = await startRecordedRun()
  for (const protocol of protocolNames) {
    for (const stream of [true, false]) {
      const { path, body } = requestIn(protocol, stream)
      await run.ask(path, body)
    }
  }
  const exchanges = await run.recorded()
  return { run, exchanges }
}

describe('a recording, against the proxy that it is of', () => {
  it.each(['bytes', 'events', 'semantic', 'structure'] as CompareLevel[])(
    'is the same in all protocols, streamed and whole: %s',
    async (level) => {
      const { run, exchanges } = await recordedMatrix()
      // Bytes have ids that are new each time.
      run.provider.answer((request) => everyProtocol({ ...request, receivedAtMs: 0 }))
      const again = level === 'bytes' ? await recordedAgain(run) : exchanges
      const replayed = await replayedAgainst(run.proxy.url, again, { level })
      expect(wordsOf(replayed)).toEqual(again.map(() => 'same'))
      expect(
        replayed.every(({ outcome }) => 'replayed' in outcome && outcome.replayed.ptc?.status === 200),
      ).toBe(true)
    },
  )

  it('asks the same of providers, and says of each request whose replay it is to the proxy only', async () => {
    const { run, exchanges } = await recordedMatrix()
    const before = run.provider.requests.filter(({ method }) => method === 'POST')
    await replayedAgainst(run.proxy.url, exchanges, { concurrency: 1 })
    const all = run.provider.requests.filter(({ method }) => method === 'POST')
    const after = all.slice(before.length)
    expect(after.map(({ url, body }) => `${url} ${body}`)).toEqual(
      before.map(({ url, body }) => `${url} ${body}`),
    )
    expect(after.some(({ headers }) => 'x-llmproxy-replay' in headers)).toBe(false)
    const recorded = await run.recorded()
    const marks = recorded
      .slice(exchanges.length)
      .map(({ ctp }) => ctp?.headers.find(([name]) => name === 'x-llmproxy-replay')?.[1])
    expect(marks).toEqual(exchanges.map(({ id }) => id))
  })
})

async function recordedAgain(run: Awaited<ReturnType<typeof startRecordedRun>>) {
  const before = (await run.recorded()).length
  for (const protocol of protocolNames) {
    const { path, body } = requestIn(protocol, true)
    await run.ask(path, body)
  }
  return (await run.recorded()).slice(before)
}

describe.each(protocolNames)('a faulty proxy, in %s', (protocol) => {
  let run: RecordedRun
  let between: Middleman
  let exchanges: Awaited<ReturnType<RecordedRun['recorded']>>

  beforeAll(async () => {
    run = await startRecordedRun()
    for (const stream of [true, false]) {
      const { path, body } = requestIn(protocol, stream)
      await run.ask(path, body)
    }
    exchanges = await run.recorded()
    between = await startMiddleman(run.proxy.url)
  })
  afterAll(async () => {
    await between.close()
    await run.stop()
  })

  async function spoilt(stream: boolean, edit: Parameters<Middleman['spoil']>[0]) {
    const asked = exchanges.filter((exchange) => exchange.stream === stream)
    between.spoil((answer) => answer)
    expect(wordsOf(await replayedAgainst(between.url, asked))).toEqual(['same'])
    between.spoil(edit)
    return wordsOf(await replayedAgainst(between.url, asked))
  }

  it.each([true, false])('that drops a tool call is found (stream: %s)', async (stream) => {
    const [words] = await spoilt(stream, droppedToolCall)
    expect(words).toMatch(/^different choices\[0\]\.tool_calls\[0\]/)
  })

  it('that swallows a chunk is found', async () => {
    const [words] = await spoilt(true, swallowedChunk(' there'))
    expect(words).toMatch(/^different choices\[0\]\.text/)
  })

  it.each([true, false])('that loses a header is found (stream: %s)', async (stream) => {
    expect(await spoilt(stream, lostHeader('x-llmproxy-backend'))).toEqual([
      'different header x-llmproxy-backend',
    ])
  })

  it.each([true, false])('that changes what was used is found (stream: %s)', async (stream) => {
    expect(await spoilt(stream, wrongUsage)).toEqual([
      expect.stringMatching(/^different usage\.completion_tokens/),
    ])
  })
})

describe('credentials', () => {
  it('of the recording go nowhere; the access key of the target does', async () => {
    const client = 'sk-ant-api03-QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo'
    const run = await startRecordedRun()
    const { path, body } = requestIn('anthropic-messages', false)
    await run.ask(path, body, {
      'x-api-key': client,
      authorization: `Bearer ${client}`,
      cookie: `a=${client}`,
    })
    const target = await startFakeProvider()
    onTestFinished(target.close)
    await replayedAgainst(target.url, await run.recorded(), { accessKey: 'lp_of-the-target' })
    const [sent] = target.requests
    expect(sent?.headers['x-llmproxy-key']).toBe('lp_of-the-target')
    const names = sent?.rawHeaders.map(([name]) => name.toLowerCase())
    expect(names).not.toEqual(expect.arrayContaining(['x-api-key']))
    expect(JSON.stringify(sent?.rawHeaders)).not.toMatch(
      /sk-ant|authorization|cookie|provider-key|credential-/,
    )
    const files = readdirSync(run.folder).map((name) =>
      readFileSync(join(run.folder, name)).toString('latin1'),
    )
    expect(files.join('')).not.toContain(providerKey)
  })

  it('that the target has not itself fail, and are told by their code', async () => {
    const run = await startRecordedRun()
    for (const protocol of protocolNames) {
      const { path, body } = requestIn(protocol, true)
      await run.ask(path, body)
    }
    const exchanges = await run.recorded()
    const backend = (type: string, path: string, model: string) => ({
      ...{ type, api_url: `${run.provider.url}${path}`, credentials: 'proxy', models: [model] },
    })
    await run.proxy.rewrite({
      backends: {
        one: backend('openai', '/v1', 'gpt'),
        two: backend('anthropic', '/v1', 'claude'),
        three: backend('gemini', '/v1beta', 'gem'),
      },
    })
    await run.proxy.reload()
    const replayed = await replayedAgainst(run.proxy.url, exchanges)
    expect(replayed.map(({ outcome }) => outcome)).toEqual(
      exchanges.map(() => ({
        verdict: 'failed',
        code: 'no_credential',
        reason: expect.stringContaining('no provider key'),
      })),
    )
  })

  it('of the target that are missing or wrong end it at once', async () => {
    const run = await startRecordedRun()
    for (const protocol of protocolNames) {
      const { path, body } = requestIn(protocol, false)
      await run.ask(path, body)
    }
    const exchanges = await run.recorded()
    await run.proxy.rewrite({
      auth: { api_keys: [{ name: 'me', key: 'lp_0123456789abcdef0123456789abcdef' }] },
    })
    await run.proxy.reload()
    for (const exchange of exchanges) {
      await expect(replayedAgainst(run.proxy.url, [exchange])).rejects.toMatchObject({
        ...{
          name: 'TargetFault',
          code: 'access_key',
          message: expect.stringContaining('wants an access key'),
        },
      })
    }
    await expect(replayedAgainst(run.proxy.url, exchanges, { accessKey: 'lp_wrong' })).rejects.toMatchObject({
      message: expect.stringContaining('does not take'),
    })
  })
})

it('nobody there ends it at once', async () => {
  const { exchanges } = await recordedMatrix()
  const url = `http://127.0.0.1:${await refusedPort()}`
  await expect(replayedAgainst(url, exchanges)).rejects.toMatchObject({ name: 'TargetFault', code: 'away' })
})

it('requests of a session wait for each other, and those of others do not', async () => {
  const run = await startRecordedRun()
  const { path, body } = requestIn('openai-chat', false)
  for (const session of ['a', 'a', 'b']) await run.ask(path, body, { 'x-session-id': session })
  const exchanges = await run.recorded()
  let release = () => {}
  const held = new Promise<void>((resolve) => {
    release = resolve
  })
  const target = await startFakeProvider()
  onTestFinished(target.close)
  target.next([waitFor(held), head(200, { 'content-type': 'application/json' }), write('{}')])
  const replayed = replayedAgainst(target.url, exchanges)
  await target.received(2)
  const sessions = () => target.requests.map(({ headers }) => headers['x-session-id'])
  expect(sessions()).toEqual(['a', 'b'])
  release()
  await replayed
  expect(sessions()).toEqual(['a', 'b', 'a'])
})

it('a client that left leaves again, after as much', async () => {
  const stuck = new Promise<never>(() => {})
  const run = await startRecordedRun({
    behaviour: (request) => [
      ...everyProtocol(request).slice(0, 1),
      write('data: {"choices":[{"index":0,"delta":{"content":"Hel"}}]}\n\n'),
      waitFor(stuck),
    ],
  })
  const leaving = new AbortController()
  const { path, body } = requestIn('openai-chat', true)
  const answer = await fetch(`${run.proxy.url}${path}`, {
    method: 'POST',
    body: JSON.stringify(body),
    signal: leaving.signal,
  })
  await answer.body?.getReader().read()
  leaving.abort()
  await run.provider.requests.at(-1)?.closed
  const exchanges = await run.recorded()
  expect(exchanges[0]?.ptc?.end?.why).toBe('abort_client')
  const replayed = await replayedAgainst(run.proxy.url, exchanges)
  expect(wordsOf(replayed)).toEqual(['same'])
  const [first] = replayed
  expect(first && 'replayed' in first.outcome && first.outcome.replayed.ptc?.end?.why).toBe('abort_client')
})

it('a response that goes on from another goes on from the one that came this time', async () => {
  let number = 0
  const run = await startRecordedRun({ behaviour: () => responsesAnswer({ id: `resp_${++number}` }) })
  const { path, body } = requestIn('openai-responses', false)
  await run.ask(path, body)
  await run.ask(path, {
    ...body,
    input: 'say "previous_response_id": "resp_1"',
    previous_response_id: 'resp_1',
  })
  const exchanges = await run.recorded()
  expect(wordsOf(await replayedAgainst(run.proxy.url, exchanges))).toEqual(['same', 'same'])
  const last = run.provider.requests.at(-1)?.body.toString()
  expect(JSON.parse(last ?? '')).toMatchObject({
    ...{ previous_response_id: 'resp_3', input: 'say "previous_response_id": "resp_1"' },
  })
  expect(wordsOf(await replayedAgainst(run.proxy.url, exchanges.slice(1)))).toEqual([
    expect.stringContaining('skipped: it goes on from a response'),
  ])
})

it('at a speed, each is sent at its time after the first', async () => {
  const run = await startRecordedRun()
  const { path, body } = requestIn('openai-chat', false)
  for (const session of ['a', 'b', 'c']) await run.ask(path, body, { 'x-session-id': session })
  const [first, ...others] = await run.recorded()
  const exchanges = [
    first!,
    ...others.map((view, at) => ({ ...view, openedAtNs: first!.openedAtNs + (at + 1) * 400e6 })),
  ]
  const before = run.provider.requests.length
  const replayed = await replayedAgainst(run.proxy.url, exchanges, {
    speed: 4,
    concurrency: Number.POSITIVE_INFINITY,
  })
  expect(replayed.map(({ lateMs }) => lateMs !== null && lateMs >= 0)).toEqual([true, true, true])
  const [one, , three] = run.provider.requests.slice(before).map(({ receivedAtMs }) => receivedAtMs)
  expect((three ?? 0) - (one ?? 0)).toBeGreaterThan(150)
})
