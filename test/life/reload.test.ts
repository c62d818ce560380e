import { rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { expectError } from '../errors/error-shapes.ts'
import { type ProtocolClient, protocolClients, streamOf } from '../errors/protocol-clients.ts'
import { generationCall } from '../errors/raw-call.ts'
import { type FakeProvider, jsonBody, startFakeProvider } from '../support/fake-provider.ts'
import { rawRequest } from '../support/raw-client.ts'
import { startTestProxy, type TestProxy } from '../support/start-proxy.ts'
import { holdOpen } from './hold-open.ts'

const oldKey = 'lp_old_0123456789abcdef'
const newKey = 'lp_new_0123456789abcdef'
let before: FakeProvider
let after: FakeProvider
let proxy: TestProxy

const apiKeys = { before: 'sk-of-before-0123456789', after: 'sk-of-after-0123456789' }

function configAt(which: 'before' | 'after', more: object = {}) {
  const { origin } = which === 'before' ? before : after
  const at = (version: string) => ({
    ...{ api_url: `${origin}${version}`, api_key: apiKeys[which] },
    ...{ headers: { 'x-which': which }, models: ['m'] },
  })
  return {
    backends: {
      openai: { ...at('/v1'), stream_usage: 'never' },
      anthropic: at('/v1'),
      gemini: at('/v1beta'),
    },
    model_aliases: [{ pattern: 'm', replacement: `m-of-${which}` }],
    ...more,
  }
}

beforeEach(async () => {
  before = await startFakeProvider()
  after = await startFakeProvider()
  proxy = await startTestProxy({ config: configAt('before') })
})
afterEach(async () => {
  await proxy.stop()
  await Promise.all([before.close(), after.close()])
})

const modelOf = (provider: FakeProvider) => {
  const request = provider.requests.findLast(({ method }) => method === 'POST')
  if (!request) return undefined
  return request.url.match(/models\/([^:]+):/)?.[1] ?? jsonBody<{ model: string }>(request).model
}

async function ask(client: ProtocolClient, headers: [string, string][] = []) {
  return await rawRequest(proxy.port, generationCall(client, { model: 'm', stream: true, headers }))
}

describe.each(protocolClients)('for a client of $protocol', (client) => {
  test('a running stream ends as it began while the next call goes by the new file', async () => {
    const stream = await holdOpen(proxy.url, before, client)
    expect(modelOf(before)).toBe('m-of-before')
    await proxy.rewrite(configAt('after'))
    await proxy.reload()

    const script = streamOf(client, ['from after'])
    after.answer(script)
    const next = await ask(client)
    expect({ status: next.status, text: next.text }).toEqual({
      status: 200,
      text: client.frames(['from after']).join(''),
    })
    expect(modelOf(after)).toBe('m-of-after')
    const sent = after.requests.at(-1)?.headers ?? {}
    expect(sent['x-which']).toBe('after')
    expect(Object.values(sent).join('\n')).toContain(apiKeys.after)
    expect(before.requests.filter(({ method }) => method === 'POST')).toHaveLength(1)

    stream.goOn()
    expect(stream.begun + (await stream.rest())).toBe(stream.whole)
    expect(proxy.log()).toContain('configuration reloaded')
  })

  test('a key that was taken away opens nothing from the next request on, while its stream ends', async () => {
    const withKeys = (...api_keys: string[]) => configAt('before', { auth: { api_keys } })
    await proxy.rewrite(withKeys(oldKey, newKey))
    await proxy.reload()
    const [name, value] = client.keyHeader(oldKey)
    const stream = await holdOpen(proxy.url, before, client, { headers: { [name]: value } })
    await proxy.rewrite(withKeys(newKey))
    await proxy.reload()

    const words = ['is no access key of this proxy']
    const refused = { status: 401, code: 'access_key_wrong', words, shouldRetry: false }
    expectError(client.protocol, await ask(client, [client.keyHeader(oldKey)]), refused)
    stream.goOn()
    expect(stream.begun + (await stream.rest())).toBe(stream.whole)
    expect((await ask(client, [client.keyHeader(newKey)])).status).toBe(200)
  })
})

describe('a faulty file', () => {
  const [client] = protocolClients as readonly [ProtocolClient]

  test.each([
    ['an unknown key', 'prot: 1\n', ['config.yaml:1:1: prot', 'did you mean port?']],
    ['no YAML', 'backends: [\n', ['config.yaml:', 'not valid YAML']],
    ['a backend of no type', 'backends: {mine: {type: opnai}}\n', ['backends.mine.type', 'opnai']],
    [
      'an alias to nobody',
      'model_aliases: [{pattern: m, replacement: "opnai:x|demo:echo"}]\n',
      ['did you mean openai?'],
    ],
    ['a variable that is not set', `backends: {openai: {api_key: "\${NO_SUCH_KEY}"}}\n`, ['NO_SUCH_KEY']],
    ['access keys missing for its host', 'host: 0.0.0.0\n', ['access keys are needed']],
  ])('with %s is refused with its messages, and everything stays as it was', async (_, text, words) => {
    const stream = await holdOpen(proxy.url, before, client)
    await proxy.rewrite(text)
    await proxy.reload()
    expect(proxy.log()).toContain('the running one stays')
    for (const word of words) expect(proxy.log()).toContain(word)
    expect(proxy.log()).not.toContain('.ts:')
    stream.goOn()
    expect(stream.begun + (await stream.rest())).toBe(stream.whole)
    expect((await ask(client)).status).toBe(200)
    expect(modelOf(before)).toBe('m-of-before')

    await proxy.rewrite(configAt('after'))
    await proxy.reload()
    expect((await ask(client)).status).toBe(200)
    expect(modelOf(after)).toBe('m-of-after')
  })

  test('that is gone leaves everything as it was', async () => {
    await rename(proxy.configFile as string, join(proxy.folder, 'elsewhere.yaml'))
    await proxy.reload()
    expect(proxy.log()).toContain('the running one stays')
    expect((await ask(client)).status).toBe(200)
    expect(modelOf(before)).toBe('m-of-before')
  })
})

describe('the watch over the file', () => {
  const [client] = protocolClients as readonly [ProtocolClient]

  test.each([
    ['written in place', (text: string) => writeFile(proxy.configFile as string, text)],
    [
      'replaced, as editors do',
      async (text: string) => {
        await writeFile(`${proxy.configFile}.new`, text)
        await rename(`${proxy.configFile}.new`, proxy.configFile as string)
      },
    ],
  ])('reloads what is %s', async (_, change) => {
    after.answer(streamOf(client, ['from after']))
    await change(stringify(configAt('after')))
    await expect.poll(() => proxy.log(), { timeout: 5000 }).toContain('configuration reloaded')
    expect((await ask(client)).status).toBe(200)
    expect(modelOf(after)).toBe('m-of-after')
  })
})

describe('what a listener has taken for its life', () => {
  test('stays until a restart, and the log names the keys', async () => {
    await proxy.rewrite(configAt('before', { host: 'localhost', logging: { format: 'json' } }))
    await proxy.reload()
    expect(proxy.log()).toMatch(/"keys":\["host","logging.format"\].*only a restart/)
  })

  test('does not include the log level, which changes at once', async () => {
    await proxy.rewrite(configAt('before', { logging: { level: 'error' } }))
    await proxy.reload()
    const written = proxy.log().length
    await proxy.reload()
    expect(proxy.log().length).toBe(written)
  })
})
