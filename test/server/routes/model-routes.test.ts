import { describe, expect, it, onTestFinished } from 'vitest'
import { documentedJson } from '../../support/openapi.ts'
import { startTestProxy } from '../../support/start-proxy.ts'

async function answered(path: string, headers: Record<string, string> = {}, config: object = {}) {
  const proxy = await startTestProxy({
    config: {
      backends: {
        openai: { api_key: 'sk-o', models: ['gpt-x'] },
        anthropic: { api_key: 'sk-ant-a', models: ['claude-x'] },
        gemini: { api_key: 'AIza-g', models: ['gemini-x'] },
      },
      ...config,
    },
  })
  onTestFinished(() => proxy.stop())
  const answer = await fetch(proxy.url + path, { headers })
  return { status: answer.status, body: (await documentedJson(answer)) as Record<string, unknown> }
}

const idsOf = (body: Record<string, unknown>) => JSON.stringify(body.data ?? body.models)

describe('the list of models', () => {
  it('has OpenAI’s shape for everybody else', async () => {
    const { status, body } = await answered('/v1/models')
    expect(status).toBe(200)
    expect(body).toMatchObject({ object: 'list', data: expect.any(Array) })
    expect(idsOf(body)).toContain('gpt-x')
  })

  it('has Anthropic’s shape for its clients', async () => {
    const { body } = await answered('/v1/models', { 'anthropic-version': '2023-06-01' })
    expect(body).toMatchObject({ data: expect.any(Array), has_more: false })
    expect(idsOf(body)).toContain('claude-x')
  })

  it('has Gemini’s shape under /v1beta', async () => {
    const { body } = await answered('/v1beta/models')
    expect(idsOf(body)).toContain('models/gemini-x')
  })

  it('leaves out what an access key may not use', async () => {
    const config = {
      auth: { api_keys: [{ name: 'alice', key: 'alices-key-is-longer', role: 'user', models: ['gpt-*'] }] },
    }
    const { body } = await answered('/v1/models', { 'x-api-key': 'alices-key-is-longer' }, config)
    expect(idsOf(body)).toContain('gpt-x')
    expect(idsOf(body)).not.toContain('claude-x')
  })
})

describe('one model', () => {
  it('is shown by its id', async () => {
    const { status, body } = await answered('/v1/models/gpt-x')
    expect(status).toBe(200)
    expect(body).toMatchObject({ id: 'gpt-x', object: 'model' })
  })

  it('that nobody lists is a 404 in the client’s own shape', async () => {
    const { status, body } = await answered('/v1/models/gpt-y')
    expect(status).toBe(404)
    expect(body).toMatchObject({ error: { code: 'unknown_model' } })
  })
})
