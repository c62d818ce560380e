import { mkdirSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { describe, expect, it, onTestFinished } from 'vitest'
import { filesOf } from '../../../../src/capture/reader/capture-files.ts'
import { captureMock } from '../../../../src/capture/replay/mock/index.ts'
import { runMock } from '../../../../src/cli/capture/mock/run-mock.ts'
import { compileFilter } from '../../../../src/filters/compile.ts'
import { parseNumber } from '../../../../src/filters/numbers.ts'
import { parseBound } from '../../../../src/usage/query/dates.ts'
import { ask, askAs } from '../../../capture/replay/mock/a-mock.ts'
import { aCapture, lastOf } from '../../../support/a-capture.ts'
import { captureFile } from '../../../support/capture/capture-file.ts'
import { startFakeProvider } from '../../../support/fake-provider.ts'
import { startTestProxy } from '../../../support/start-proxy.ts'
import { tempFolder } from '../../../support/temp-folder.ts'

type Flags = Parameters<typeof runMock>[0]['flags']

const capture = aCapture([{ model: 'gpt-5' }, { protocol: 'anthropic-messages', session: 's_2' }])
const file = captureFile(tempFolder(), 'run.cbor', capture)

/** From Node 26 on, `read` gives one piece a time. */
function allOf(stream: PassThrough): string {
  let text = ''
  for (let piece = stream.read(); piece !== null; piece = stream.read()) text += String(piece)
  return text
}

/** The command with these flags until `end`; what it says where. */
async function running(path: string, changes: Partial<Flags> = {}, endsAt?: Promise<void>) {
  const out = new PassThrough()
  const said: string[] = []
  let end = () => {}
  let listens = () => {}
  const listening = new Promise<void>((resolve) => (listens = resolve))
  const code = runMock({
    file: path,
    flags: {
      ...{ host: '127.0.0.1', port: 0, speed: 'max', strict: false, reuse: 'last', 'on-miss': 'fail' },
      ...changes,
    },
    ...{ mock: captureMock, filesOf, compileFilter, parseBound, parseNumber, out },
    ...{ help: 'llmproxy capture mock --help', err: process.stderr },
    say: (line) => said.push(line),
    ended: endsAt ?? new Promise<void>((resolve) => (end = resolve)),
    onListening: () => listens(),
  })
  onTestFinished(async () => {
    end()
    await code.catch(() => {})
  })
  await Promise.race([listening, code])
  const text = () => said.join('\n')
  return {
    ...{
      code,
      end,
      said: text,
      lines: () => allOf(out).trimEnd().split('\n'),
    },
    port: () => Number(/127\.0\.0\.1:(\d+)/.exec(text())?.[1]),
  }
}

describe('capture mock', () => {
  it('says where it listens, what it has, and how to get there', async () => {
    const { said, port } = await running(file)
    const url = `http://127.0.0.1:${port()}`
    expect(said().split('\n')).toEqual([
      `capture mock listens at ${url} and answers from ${file} without waiting`,
      '',
      '2 recordings',
      '  openai-chat         gpt-5  1',
      '  anthropic-messages  claude-sonnet-4-5  1',
      '',
      'connect a client',
      `  export OPENAI_BASE_URL=${url}/v1`,
      `  export ANTHROPIC_BASE_URL=${url}`,
      '',
      'or put it behind a proxy, as a backend of its configuration (its clients use /recorded/v1)',
      `  backends: {recorded: {api_url: ${url}/v1, protocols: [openai-chat, anthropic-messages], credentials: none}}`,
      '',
    ])
  })

  it('the line for a proxy’s configuration makes a backend that answers', async () => {
    const { said, lines } = await running(file)
    const yaml =
      said()
        .split('\n')
        .find((line) => line.includes('backends:')) ?? ''
    const proxy = await startTestProxy({ config: yaml.trim() })
    const { request, btp } = lastOf(aCapture({ model: 'gpt-5' }))
    const answer = await askAs({ port: proxy.port }, request, {
      ...{ path: '/recorded/v1/chat/completions', headers: { 'content-type': 'application/json' } },
    })
    await proxy.stop()
    expect([answer.status, answer.text]).toEqual([200, btp.text])
    expect(lines()).toContainEqual('exact   POST /v1/chat/completions  gpt-5  x_1')
  })

  it('prints a line for each request, the sums in the end, and is 0 without a miss', async () => {
    const { port, end, code, lines } = await running(file)
    const at = { port: port() }
    const { request } = lastOf(capture)
    await askAs(at, request)
    await askAs(
      at,
      request.clone().editJson((json) => (json.metadata = { user_id: 'u' })),
    )
    await ask(at, { method: 'GET', path: '/v1/models?key=secret' })
    end()
    expect(await code).toBe(0)
    expect(lines()).toEqual([
      'exact   POST /v1/messages  claude-sonnet-4-5  x_2',
      'fuzzy (but for ids, metadata or cache marks)  POST /v1/messages  claude-sonnet-4-5  x_2',
      'own     GET /v1/models  —',
      'exact=1 fuzzy=1 miss=0',
    ])
  })

  it('is 1 with a miss, whose line says why', async () => {
    const { port, end, code, lines } = await running(file)
    await ask({ port: port() }, { path: '/v1/embeddings', body: '{"model":"e"}' })
    end()
    expect(await code).toBe(1)
    expect(lines()).toEqual([
      'miss    POST /v1/embeddings  e  no recording answers this request: the capture has none of POST /embeddings',
      'exact=0 fuzzy=0 miss=1',
    ])
  })

  it('under --json says all of it in rows', async () => {
    const { port, end, code, lines, said } = await running(file, {
      json: true,
      speed: '1000',
      'max-gap': '2s',
    })
    await askAs({ port: port() }, lastOf(capture).request)
    await ask({ port: port() }, { path: '/v1/embeddings', body: '{"model":"e"}' })
    end()
    await code
    expect(said()).toContain('listens at')
    expect(lines().map((line) => JSON.parse(line))).toEqual([
      expect.objectContaining({
        type: 'listening',
        url: `http://127.0.0.1:${port()}`,
        speed: 1000,
        max_gap_ms: 2000,
      }),
      {
        ...{
          type: 'request',
          result: 'exact',
          method: 'POST',
          path: '/v1/messages',
          model: 'claude-sonnet-4-5',
        },
        ...{ exchange: 'x_2', attempt: 1, why: null },
      },
      expect.objectContaining({ result: 'miss', exchange: null, why: expect.stringContaining('none of') }),
      {
        ...{ type: 'summary', exact: 1, fuzzy: 0, miss: 1, own: 0, refused: 0 },
        pacing_error: { chunks: expect.any(Number), p50_ms: expect.any(Number), p95_ms: expect.any(Number) },
      },
    ])
  })

  it('says how well it kept the times', async () => {
    const { port, end, code, lines } = await running(file, { speed: '50' })
    await askAs({ port: port() }, lastOf(capture).request)
    end()
    await code
    expect(lines().at(-1)).toMatch(
      /^exact=1 fuzzy=0 miss=0 {2}pacing error p50 [\d.]+ ms, p95 [\d.]+ ms over \d+ chunks$/,
    )
  })

  it('warns where others reach it', async () => {
    const { said } = await running(file, { host: '0.0.0.0' })
    expect(said()).toContain('beyond this machine: whoever reaches it can read what was recorded')
  })

  it.each([
    [{ model: ['gpt-5'] }, ['openai-chat']],
    [{ 'session-id': 's_2' }, ['anthropic-messages']],
    [{ filter: '~model claude' }, ['anthropic-messages']],
    [{ search: 'HELLO there' }, []],
    [{ filter: 'status<300 & ~session s_1' }, ['openai-chat']],
    [{ filter: '~issue usage_missing' }, []],
  ])('answers with what the filters mean: %j', async (flags, protocols) => {
    const run = running(file, flags)
    if (protocols.length === 0) return expect(run).rejects.toThrow('no exchanges in')
    const { said } = await run
    const found = ['openai-chat', 'anthropic-messages'].filter((name) => said().includes(`  ${name}  `))
    expect(found).toEqual(protocols)
  })

  it('of a folder answers from all its files', async () => {
    const folder = join(tempFolder(), 'captures')
    mkdirSync(folder)
    captureFile(folder, 'a.cbor', aCapture({ model: 'one' }))
    captureFile(folder, 'b.cbor', aCapture({ model: 'two' }))
    const { said } = await running(folder)
    expect(said()).toMatch(/2 recordings\n {2}openai-chat {2}one {2}1\n {2}openai-chat {2}two {2}1/)
  })
})

it('that is to end while it still reads, ends', async () => {
  const run = await running(file, {}, Promise.resolve())
  expect(await run.code).toBe(130)
  expect(run.said()).toBe('')
})

describe('is refused', () => {
  it.each([
    [{ speed: 'fast' }, '--speed: "fast" is no speed; write 1, 10, 0.5 or max'],
    [{ speed: '0' }, '--speed: "0" is no speed'],
    [{ speed: '-1' }, '--speed: "-1" is no speed'],
    [{ 'max-gap': '2' }, '--max-gap: "2" is no duration; write 250ms, 2s or 1m'],
    [{ filter: '~nothing x' }, '--filter: '],
    [{ model: ['unknown'] }, 'no exchanges in'],
  ])('%j', async (flags, message) => {
    await expect(running(file, flags)).rejects.toMatchObject({
      message: expect.stringContaining(message),
      exitCode: 2,
    })
  })

  it('a taken port, with what to do', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    onTestFinished(() => void server.close())
    await new Promise((resolve) => server.once('listening', resolve))
    const address = server.address()
    const port = typeof address === 'object' && address ? address.port : 0
    await expect(running(file, { port })).rejects.toMatchObject({
      ...{
        message: `port ${port} is in use`,
        exitCode: 3,
        tries: [`llmproxy capture mock ${file} --port 0`],
      },
    })
  })

  it('what is no capture', async () => {
    await expect(running('/nowhere.cbor')).rejects.toMatchObject({
      ...{ message: 'there is no file /nowhere.cbor', exitCode: 2 },
    })
  })
})

it('opens no connection of its own, whatever stands in the capture', async () => {
  const elsewhere = await startFakeProvider()
  onTestFinished(() => elsewhere.close())
  const pointing = aCapture()
  for (const x of pointing.exchanges) {
    x.bothRequests((leg) => Object.assign(leg, { url: `${elsewhere.url}/v1/chat/completions` }))
    x.bothAnswers((leg) => Object.assign(leg, { status: 307 }).header('location', elsewhere.url))
  }
  const { port } = await running(captureFile(tempFolder(), 'run.cbor', pointing))
  const answer = await askAs({ port: port() }, lastOf(pointing).request, { path: '/v1/chat/completions' })
  expect([answer.status, answer.headers.location]).toEqual([307, undefined])
  expect(elsewhere.connections).toBe(0)
})
