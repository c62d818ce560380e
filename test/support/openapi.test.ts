import { spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { describe, expect, it, onTestFinished } from 'vitest'
import { version } from '../../src/server/version.ts'
import { anAnswer as aHealth } from '../cli/health/health-answers.ts'
import { anEmptyAnswer, anAnswer as metrics } from '../cli/replacement/metrics-answers.ts'
import { aQuietSnapshot, aSnapshot } from '../tui/a-snapshot.ts'
import { faultsOf } from './openapi/faults-of.ts'
import type { RecordedAnswer } from './openapi/record-answers.js'
import { recording, takeAnswers } from './openapi/recorded-answers.ts'
import { faultsAt } from './openapi.ts'

function answer(changed: Partial<RecordedAnswer>): RecordedAnswer {
  return {
    ...{ method: 'GET', url: '/healthz', status: 200, contentType: 'application/json; charset=utf-8' },
    ...{ version, backend: null, encoding: null, body: '{"status":"ok"}' },
    ...changed,
  }
}

function refusal(code: string, changed: Partial<RecordedAnswer> = {}): RecordedAnswer {
  const url = '/v1/usage/records/x_1'
  return answer({ url, status: 404, body: JSON.stringify({ error: { code, message: 'no' } }), ...changed })
}

describe('an answer', () => {
  it.each<[string, RecordedAnswer]>([
    ['of its shape', answer({})],
    ['without a body to HEAD', answer({ method: 'HEAD', body: '' })],
    ['asked with a query', answer({ url: '/healthz?x=1' })],
    ['asked as of a forward proxy', answer({ url: 'http://127.0.0.1:8000/healthz' })],
    ['that was cut', answer({ body: null })],
    ['with a code that stands there', refusal('unknown_record')],
    ['where there is nothing', refusal('unknown_route', { url: '/nowhere' })],
    ['to a method that is not there', refusal('unknown_route', { method: 'PUT' })],
    ['to a browser’s question', answer({ method: 'OPTIONS', status: 204, body: '' })],
    ['that a backend refused', answer({ url: '/v1/files', status: 418, backend: 'openai', body: 'tea' })],
    ['whose path is written otherwise', answer({ url: '/%68ealthz' })],
    ['of a proxy of a test’s own', answer({ version: '1.2.3', body: '' })],
    ['as lines', answer({ url: '/v1/usage/export', contentType: 'application/x-ndjson', body: '{}\n' })],
  ])('%s is as documented', (_, one) => {
    expect(faultsOf(one)).toEqual([])
  })

  it.each<[string, RecordedAnswer, RegExp]>([
    ['with a member more', answer({ body: '{"status":"ok","more":1}' }), /additional/],
    ['with a member less', answer({ body: '{}' }), /required/],
    ['that is no JSON', answer({ body: 'ok' }), /must be object/],
    ['of another type', answer({ contentType: 'text/html' }), /text\/html is no documented type/],
    ['of no type', answer({ contentType: null }), /none is no documented type/],
    ['with another status', answer({ status: 418 }), /no documented status/],
    ['with a body to HEAD', answer({ method: 'HEAD' }), /has a body/],
    ['with a code of another route', refusal('unknown_session'), /code unknown_session/],
    ['in no shape of an error', answer({ url: '/nowhere', status: 404, body: '{}' }), /no shape/],
    ['that is well where nothing is', answer({ url: '/nowhere' }), /has no operation/],
    ['that no backend gave', answer({ url: '/v1/files', status: 418, body: '{}' }), /no documented status/],
  ])('%s is not', (_, one, fault) => {
    expect(faultsOf(one).join()).toMatch(fault)
  })
})

describe('what tests of commands give for an answer', () => {
  it.each<[string, unknown]>([
    ['Health', aHealth()],
    ['ReplacementMetrics', metrics()],
    ['ReplacementMetrics', anEmptyAnswer()],
    ['LiveSnapshot', aSnapshot()],
    ['LiveSnapshot', aQuietSnapshot()],
  ])('is a documented %s', (schema, given) => {
    expect(faultsAt(['components', 'schemas', schema], JSON.parse(JSON.stringify(given)))).toEqual([])
  })
})

/** As a proxy's listener writes an answer to `/healthz`, in one of Node's ways. */
const ways: Record<string, (response: ServerResponse) => void> = {
  'at once': (response) => response.setHeader('x-llmproxy-version', version).end('at once'),
  'in pieces': (response) => {
    response.writeHead(200, ['x-llmproxy-exchange', 'x_1', 'content-type', 'text/plain'])
    response.write('in ')
    response.end(Buffer.from('pieces'))
  },
  'with an object of headers': (response) => {
    response.writeHead(200, 'fine', { 'X-LLMProxy-Version': version }).end('with an object of headers')
  },
}

describe('of all answers', () => {
  it.each(Object.entries(ways))('one that is written %s is heard of', async (way, write) => {
    const url = await serving((response) => write(response))
    await (await fetch(url)).text()
    expect(takeAnswers()).toMatchObject([{ method: 'GET', url: '/healthz', status: 200, body: way }])
    expect(takeAnswers()).toEqual([])
  })

  it('those of other servers are not', async () => {
    const url = await serving((response) => response.end('{"status":"strange"}'))
    await (await fetch(url)).text()
    expect(takeAnswers()).toEqual([])
  })

  it('those of a program that a test starts are heard of before whoever asked has them', async () => {
    const program = `
      const version = '${version}'
      import { createServer } from 'node:http'
      const server = createServer((_, response) => response.setHeader('x-llmproxy-version', version).end('from there'))
      server.listen(0, '127.0.0.1', async () => {
        console.log(await (await fetch('http://127.0.0.1:' + server.address().port + '/healthz')).text())
        process.exit()
      })`
    const child = spawn(process.execPath, [...recording.nodeArgs, '--input-type=module', '--eval', program], {
      env: { ...recording.env },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    expect(await text(child.stdout)).toBe('from there\n')
    expect(takeAnswers()).toMatchObject([{ url: '/healthz', body: 'from there' }])
  })
})

it('whoever starts `serve` in a test has its answers checked', () => {
  const files = readdirSync('test', { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.ts'),
  )
  const sources = files.map((file) => [file, readFileSync(join('test', file), 'utf8')] as const)
  const starting = sources.filter(([, source]) => /\bspawn\(/.test(source) && /bin\/run\.js/.test(source))
  const serving = starting.filter(([, source]) => /'serve'/.test(source))
  expect(serving.map(([file]) => file)).toContain('support/spawn-proxy.ts')
  expect(
    serving.filter(([, source]) => !source.includes('...recording.nodeArgs')).map(([file]) => file),
  ).toEqual([])
})

async function serving(answerWith: (response: ServerResponse) => void): Promise<string> {
  const server = createServer((_request, response) => answerWith(response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/healthz`
}
