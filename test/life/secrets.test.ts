import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { backendsAt, protocolClients, streamOf } from '../errors/protocol-clients.ts'
import { type RawCall, rawCall } from '../errors/raw-call.ts'
import {
  type FakeProvider,
  head,
  reset,
  type Script,
  startFakeProvider,
  streamHead,
  whole,
  write,
} from '../support/fake-provider.ts'
import { rawRequest } from '../support/raw-client.ts'
import { startTestProxy, type TestProxy } from '../support/start-proxy.ts'
import { filesIn, leaksIn, planted, secrets } from './planted-secrets.ts'

const allOfThem = secrets.join(' ')
// Long enough that a line that is cut is cut in the middle of a secret.
const echo = `${'word '.repeat(9)}${allOfThem} after`
const credentials: [string, string][] = [
  ['x-llmproxy-key', planted.accessKey],
  ['Authorization', `Bearer ${planted.credential}`],
]

/** Where in a request the secrets stand. */
const requests: Record<string, (call: RawCall & { headers: [string, string][] }) => RawCall> = {
  'nowhere but where they belong': (call) => call,
  'headers of all kinds': (call) => ({
    ...call,
    headers: [
      ...call.headers,
      ['Cookie', `session=${allOfThem}`],
      ['User-Agent', `agent/${planted.credential} (${planted.providerKey}; ${planted.accessKey})`],
      ['X-Title', allOfThem],
      ['X-Custom', allOfThem],
      ['x-session-id', planted.credential],
      ['x-llmproxy-tags', secrets.map((secret, i) => `${secret}=${secret}${i}`).join(',')],
    ],
  }),
  'the query': (call) => ({
    ...call,
    path: `${call.path}${call.path.includes('?') ? '&' : '?'}key=${secrets.join('&key=')}&x=${secrets.join('&y=')}`,
  }),
  'the body': (call) => ({ ...call, body: String(call.body).replace('"hi"', JSON.stringify(echo)) }),
  'the model': (call) => ({
    ...call,
    path: call.path.replace('some-model', secrets.join('-')),
    body: String(call.body).replace('some-model', secrets.join('-')),
  }),
  'a path of nobody': (call) => ({ ...call, path: `/${secrets.join('/')}` }),
  'an unknown backend': (call) => ({ ...call, path: `/${planted.providerKey}/v1/x` }),
  'a broken request': (call) => ({
    ...call,
    headers: [...call.headers, [`X ${planted.providerKey}`, allOfThem]],
  }),
  'a body that is no JSON': (call) => ({ ...call, body: `{"model": ${planted.providerKey}` }),
}

/** Cut in the middle of every secret, each piece in a packet of its own. */
function split(text: string): Script {
  const cuts = secrets.map((secret) => text.indexOf(secret) + 13).filter((at) => at > 13)
  const edges = [0, ...cuts, text.length]
  return edges.slice(1).map((end, i) => write(text.slice(edges[i], end)))
}

const error = JSON.stringify({ error: { message: echo, type: echo, code: echo, status: echo } })
const json = { 'content-type': 'application/json' }
const echoing = { 'x-request-id': allOfThem, 'x-echo': allOfThem, 'set-cookie': allOfThem }

/** How the provider answers, with the secrets in it. */
const answers: Record<string, Script> = {
  'a whole answer': [head(200, { ...json, ...echoing }), ...split(JSON.stringify({ choices: [], echo }))],
  'an error': [head(400, { ...json, ...echoing }), ...split(error)],
  'an error of our key': [head(401, { ...json, ...echoing }), ...split(error)],
  'an error that is no JSON': [head(500, { 'content-type': 'text/html' }), ...split(`<b>${echo}</b>`)],
  'a quota error': [head(429, { ...json, ...echoing }), ...split(error)],
  'an error before the content of a stream': [streamHead(echoing), ...split(`data: ${error}\n\n`)],
  'a stream that is cut': [streamHead(echoing), ...split(`data: {"echo":"${echo}"}\n\ndata: {`), reset()],
}

describe.each(['json', 'pretty'] as const)('in the %s log and in every file', (format) => {
  let provider: FakeProvider
  let proxy: TestProxy

  beforeEach(async () => {
    const models = whole(200, { object: 'list', data: secrets.map((id) => ({ id, object: 'model' })) })
    let answer: Script = models
    provider = await startFakeProvider((request) => (request.method === 'GET' ? models : answer))
    provider.answer = (script) => {
      answer = script as Script
    }
    proxy = await startTestProxy({
      config: {
        auth: { api_keys: [planted.accessKey] },
        logging: { level: 'debug', format },
        // A cooldown is not waited for.
        failure_handling: { max_wait_seconds: 0 },
        backends: {
          ...backendsAt(provider.origin, { api_key: planted.providerKey }),
          'openai.own': {
            api_url: `${provider.origin}/v1`,
            credentials: 'client',
            trust_client_credentials: true,
          },
        },
      },
    })
  })
  afterEach(async () => {
    await proxy.stop()
    await provider.close()
  })

  /** Sends one call of each client and looks at what the proxy has written by then. */
  async function send(change: (call: RawCall & { headers: [string, string][] }) => RawCall, model: string) {
    const texts: string[] = []
    for (const client of protocolClients) {
      for (const stream of [false, true]) {
        const body = JSON.stringify(client.body(model, stream))
        const call = change({ path: client.path(model, stream), body, headers: credentials })
        const answer = await rawRequest(proxy.port, rawCall(call))
        expect(answer.status, answer.text).toBeGreaterThan(0)
        texts.push(answer.text)
      }
    }
    return texts
  }

  function expectNoLeak(): void {
    const files = filesIn(proxy.folder)
    files.delete('config.yaml')
    expect(leaksIn(proxy.log())).toEqual([])
    for (const [name, content] of files)
      expect({ name, leaks: leaksIn(content) }).toEqual({ name, leaks: [] })
  }

  test.each(Object.keys(requests))('nothing of the secrets is left when they come in %s', async (place) => {
    provider.answer(streamOf(protocolClients[0] as (typeof protocolClients)[number], ['fine']))
    await send(requests[place] as (call: RawCall) => RawCall, 'some-model')
    await send(requests[place] as (call: RawCall) => RawCall, 'openai.own:some-model')
    expect(proxy.log()).not.toBe('')
    expectNoLeak()
  })

  test.each(Object.keys(answers))(
    'nothing of the secrets is left when the provider sends %s',
    async (how) => {
      provider.answer(answers[how] as Script)
      await send((call) => call, 'some-model')
      await send((call) => call, 'openai.own:some-model')
      expect(proxy.log()).toMatch(format === 'json' ? /exchange\.closed/ : /x_[0-9a-z]{8}/)
      expectNoLeak()
    },
  )

  test('what the proxy itself says to the client has no provider key in it', async () => {
    for (const how of ['an error of our key', 'an error before the content of a stream']) {
      provider.answer(answers[how] as Script)
      const said = (await send((call) => call, 'some-model')).filter((text) =>
        /llmproxy|provider_key_refused|error_code/.test(text),
      )
      expect(said).not.toEqual([])
      expect(leaksIn(said.join('\n'))).toEqual([])
    }
  })
})
