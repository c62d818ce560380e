import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { documentedJson } from '../../support/openapi.ts'
import { startTestProxy, type TestProxy } from '../../support/start-proxy.ts'

interface Capabilities {
  backends: {
    name: string
    untranslatable: string
    clients: {
      protocol: string
      backend_protocol: string
      translated: boolean
      dropped: { name: string; parameter: string; reason: string }[]
      refused: { name: string; parameter: string }[]
      adapted: { name: string; parameter: string | null }[]
    }[]
  }[]
}

let proxy: TestProxy
beforeAll(async () => {
  const backends = { anthropic: { api_key: 'sk-ant-1234567890', untranslatable: 'reject', models: ['m'] } }
  proxy = await startTestProxy({ config: { backends } })
})
afterAll(() => proxy.stop())

async function ask(
  query: string,
): Promise<{ status: number; body: Capabilities & { error?: { code: string; message: string } } }> {
  const answer = await fetch(`${proxy.url}/v1/capabilities${query}`)
  return { status: answer.status, body: (await documentedJson(answer)) as never }
}

describe('GET /v1/capabilities', () => {
  it('says for a backend what is dropped, adapted and refused of whom, in the client’s words', async () => {
    const { status, body } = await ask('?backend=anthropic&client=gemini')
    expect(status).toBe(200)
    const [backend] = body.backends
    expect(backend).toMatchObject({ name: 'anthropic', untranslatable: 'reject' })
    const [pair] = backend?.clients ?? []
    expect(pair).toMatchObject({
      protocol: 'gemini',
      backend_protocol: 'anthropic-messages',
      translated: true,
    })
    expect(pair?.dropped).toContainEqual({
      name: 'seed',
      parameter: 'generationConfig.seed',
      reason: 'there is none',
    })
    expect(pair?.refused.map(({ parameter }) => parameter)).toContain('generationConfig.candidateCount')
    expect(pair?.adapted).toContainEqual(
      expect.objectContaining({ name: 'answer_thoughts', parameter: null }),
    )
  })

  it('has nothing to say against a client of the backend’s own protocol', async () => {
    const { body } = await ask('?backend=anthropic&client=anthropic-messages')
    expect(body.backends[0]?.clients).toEqual([
      {
        protocol: 'anthropic-messages',
        backend_protocol: 'anthropic-messages',
        translated: false,
        dropped: [],
        adapted: [],
        refused: [],
      },
    ])
  })

  it('has every backend and every client protocol without a filter', async () => {
    const { body } = await ask('')
    expect(body.backends.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['anthropic', 'openai', 'demo']),
    )
    for (const { clients } of body.backends) expect(clients).toHaveLength(4)
  })

  it.each([
    ['?backnd=x', 400, 'did you mean backend?'],
    ['?client=cohere', 400, 'openai-chat, openai-responses'],
    ['?backend=nobody', 404, 'no backend is called "nobody"'],
    ['?client=gemini&client=openai-chat', 400, '"client" wants one value'],
  ])('refuses %s', async (query, status, wanted) => {
    const refused = await ask(query)
    expect(refused.status).toBe(status)
    expect(refused.body.error).toEqual({
      code: status === 404 ? 'unknown_backend' : 'bad_request',
      message: expect.stringContaining(wanted),
    })
  })
})
