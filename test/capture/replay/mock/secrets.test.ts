import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { readRecording } from '../../../../src/capture/replay/recording.ts'
import { mark } from '../../../../src/core/secrets/mark.ts'
import { aCapture, edited, lastOf } from '../../../support/a-capture.ts'
import { chatStream, startFakeProvider } from '../../../support/fake-provider.ts'
import { openStream } from '../../../support/raw-client.ts'
import { startTestProxy } from '../../../support/start-proxy.ts'
import { aMock, askJson, type TestMock } from './a-mock.ts'

const clientKey = 'opaque-client-credential-4711'
const providerKey = 'a provider key of no known form 9f'
const inPrompt = `sk-ant-${'x9'.repeat(20)}`

/** What a proxy records of this prompt: its client has `clientKey`, its configuration `providerKey`. */
async function recorded(prompt: string): Promise<TestMock> {
  const provider = await startFakeProvider(chatStream(['fine']))
  const proxy = await startTestProxy({
    config: {
      wire_capture: { mode: 'all', min_free_mb: 0 },
      backends: { openai: { api_url: `${provider.url}/v1`, api_key: providerKey, models: ['m'] } },
    },
  })
  onTestFinished(() => proxy.stop())
  onTestFinished(() => provider.close())
  const headers = { authorization: `Bearer ${clientKey}` }
  await (
    await openStream(`${proxy.url}/v1/chat/completions`, { headers, body: JSON.stringify(bodyOf(prompt)) })
  ).text()
  await proxy.close(0)
  const exchanges = await readRecording(join(proxy.folder, 'captures'))
  const asked = exchanges.find(({ ctp }) => ctp?.method === 'POST')
  expect(asked?.ctp?.body().length).toBe(Buffer.byteLength(JSON.stringify(bodyOf(prompt))))
  for (const secret of [clientKey, providerKey, inPrompt]) {
    expect(Buffer.from(asked?.ctp?.body() ?? []).toString()).not.toContain(secret)
  }
  return aMock(exchanges)
}

const bodyOf = (prompt: string) => ({
  model: 'm',
  stream: true,
  messages: [{ role: 'user', content: prompt }],
})

async function ask(mock: TestMock, prompt: string, key = clientKey): Promise<string> {
  await askJson(mock, '/v1/chat/completions', bodyOf(prompt), { authorization: `Bearer ${key}` })
  return mock.lines.at(-1) ?? ''
}

describe('a prompt with a secret in it', () => {
  it.each([
    ['a key of a known form', `The key is ${inPrompt}. Grüezi.`],
    ['a key behind an escape', `KEY=1\n${inPrompt}\n`],
    ['a header', `curl -H "x-api-key: abcd-efgh-ijkl" -H 'authorization: Basic Zm9vOmJhcmJhcg=='`],
    ['a login of a few letters', 'git clone https://me:pw@example.com/x.git'],
    ['a parameter', 'GET /v1/models?key=abc123&b=1'],
    [
      'a private key',
      `-----BEGIN RSA PRIVATE KEY-----\n${'MIIEow'.repeat(30)}\n-----END RSA PRIVATE KEY-----`,
    ],
    ['the client’s own key', `env says OPENAI_API_KEY=${clientKey}`],
  ])('is the same to who sends it again: %s', async (_what, prompt) => {
    expect(await ask(await recorded(prompt), prompt)).toMatch(/^exact/)
  })

  it('that only the recorder knew is found by all that stands around it', async () => {
    const prompt = `Look: ${providerKey} and ${inPrompt}!`
    const mock = await recorded(prompt)
    expect(await ask(mock, prompt)).toMatch(/^fuzzy .*but for ids.*a secret is overwritten in the recording/)
    expect(await ask(mock, prompt.replace(providerKey, 'z'.repeat(providerKey.length)))).toMatch(/^fuzzy/)
    expect(await ask(mock, prompt.replace(providerKey, 'too short'))).toBe('miss')
    expect(await ask(mock, prompt.replace('Look', 'Hear'))).toBe('miss')
  })

  it('that is another one of the same length is the same, of another length is not', async () => {
    const prompt = `The key is ${inPrompt}.`
    const mock = await recorded(prompt)
    expect(await ask(mock, prompt.replaceAll('x9', 'y8'))).toMatch(/^exact/)
    expect(await ask(mock, prompt.replace('x9x9', 'x9x9x9'))).toBe('miss')
  })
})

it('a mark that is all there is of a message is not any message', async () => {
  const capture = edited(aCapture(), (x) =>
    x.bothRequests((leg) => leg.replaceText('Hi', mark('provider-key', '1a2b', 30))),
  )
  const mock = await aMock(capture)
  const body = lastOf(capture).request.json
  body.messages[0].content = 'Hi'
  await askJson(mock, '/v1/chat/completions', body)
  expect(mock.lines).toEqual(['miss'])
})

it('no answer of the mock’s own says a secret of the request', async () => {
  const mock = await aMock(aCapture())
  const answer = await askJson(mock, '/v1/chat/completions', {
    ...{ model: 'gpt-4o', stream: true },
    messages: [{ role: 'user', content: `Hi ${inPrompt}` }],
  })
  expect(answer.status).toBe(503)
  expect(answer.text).toContain('messages[0].content')
  expect(answer.text).not.toContain(inPrompt.slice(0, 20))
  expect(JSON.stringify(mock.answers[0]?.why)).not.toContain(inPrompt.slice(0, 20))
})
