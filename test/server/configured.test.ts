import { describe, expect, it } from 'vitest'
import { ConfigFaults } from '../../src/config/faults.ts'
import { chatAnswer, startFakeProvider, whole } from '../support/fake-provider.ts'
import { documentedJson } from '../support/openapi.ts'
import { startTestProxy } from '../support/start-proxy.ts'

const started = (config: object, env = {}) => startTestProxy({ config, env })

describe('a configuration whose faults only the whole shows', () => {
  it.each([
    ['an unknown backend as default', { default_backend: 'opneai' }, 'openai'],
    ['a failover route that leads nowhere', { failover_routes: { m: ['nobody:m'] } }, 'nobody'],
    ['an alias that leads nowhere', { model_aliases: [{ pattern: '*', replacement: 'nobody:m' }] }, 'nobody'],
    ['a backend of a type without a URL', { backends: { vllm: {} } }, 'api_url'],
  ])('stops the start: %s', async (_what, config, words) => {
    const failure = await started(config).catch((error) => error)
    expect(failure).toBeInstanceOf(ConfigFaults)
    expect(failure.message).toContain(words)
  })

  it('stops the start beyond loopback without access keys, with the line that works', async () => {
    const failure = await started({ host: '0.0.0.0' }).catch((error) => error)
    expect(failure).toMatchObject({ name: 'StartRefused', exitCode: 2 })
    expect(failure.message).toMatch(/LLMPROXY_API_KEY=lp_[0-9a-f]{40} llmproxy serve --host 0\.0\.0\.0/)
  })
})

describe('a running proxy', () => {
  it('takes a new configuration, and keeps the old one when the new is faulty', async () => {
    const proxy = await started({ backends: { openai: { models: ['m'] } } })
    try {
      await proxy.rewrite({ backends: { openai: { models: ['n'] } } })
      await proxy.reload()
      const models = async () => JSON.stringify(await documentedJson(await fetch(`${proxy.url}/v1/models`)))
      expect(await models()).toContain('"n"')
      await proxy.rewrite({ default_backend: 'nobody' })
      await proxy.reload()
      expect(await models()).toContain('"n"')
      expect(proxy.log()).toContain('was not reloaded')
    } finally {
      await proxy.stop()
    }
  })

  it('asks a backend that a reload brought for its models, and routes by them', async () => {
    const models = { object: 'list', data: [{ id: 'only-there', object: 'model' }] }
    const provider = await startFakeProvider((request) =>
      request.method === 'GET' ? whole(200, models) : chatAnswer(),
    )
    const proxy = await started({ backends: {} })
    try {
      await proxy.rewrite({ backends: { mine: { api_url: `${provider.url}/v1`, api_key: 'provider-key' } } })
      await proxy.reload()
      expect((await provider.received()).url).toBe('/v1/models')
      const body = JSON.stringify({ model: 'only-there', messages: [] })
      const ask = () => fetch(`${proxy.url}/v1/chat/completions`, { method: 'POST', body })
      await expect
        .poll(async () => (await ask()).headers.get('x-llmproxy-backend'), { timeout: 5000 })
        .toBe('mine')
    } finally {
      await proxy.stop()
      await provider.close()
    }
  })

  it('that asks for no access key says so, and uses a key of the environment as without them', async () => {
    const auth = { disable_auth: true, api_keys: ['an-access-key-nobody-needs'] }
    const proxy = await started({ auth }, { OPENAI_API_KEY: 'sk-proj-found-in-the-environment' })
    try {
      expect(proxy.accessKeys).toBe(0)
      const openai = proxy.backends.find(({ name }) => name === 'openai')
      expect(openai?.credential).toBe("the client's own login, else the proxy's provider key")
      expect((await fetch(`${proxy.url}/v1/models`)).status).toBe(200)
    } finally {
      await proxy.stop()
    }
  })

  it('says which credential each backend will be asked with, never its value', async () => {
    const proxy = await started({ backends: { openai: { api_key: 'sk-very-secret' } } })
    try {
      const told = JSON.stringify(proxy.backends)
      expect(proxy.backends).toContainEqual({ name: 'openai', credential: "the proxy's provider key" })
      expect(told + proxy.log()).not.toContain('sk-very-secret')
    } finally {
      await proxy.stop()
    }
  })
})
