import { afterAll, beforeAll, describe } from 'vitest'
import { startTestProxy, type TestProxy } from '../support/start-proxy.ts'
import type { ProtocolClient } from './protocol-clients.ts'
import { generationCall } from './raw-call.ts'
import { type Refusal, testRefusals } from './refusal-table.ts'

const noRetry = { shouldRetry: false } as const
const badSelector = { status: 400, code: 'bad_selector', param: 'model', ...noRetry }

const asking = (model: string) => (client: ProtocolClient) => generationCall(client, { model })

function proxyWith(options: Parameters<typeof startTestProxy>[0]): () => TestProxy {
  let proxy: TestProxy
  beforeAll(async () => {
    proxy = await startTestProxy(options)
  })
  afterAll(() => proxy.stop())
  return () => proxy
}

describe('with no configuration and no provider key', () => {
  const proxy = proxyWith({})
  const variables = { openai: 'OPENAI_API_KEY', anthropic: 'ANTHROPIC_API_KEY', gemini: 'GEMINI_API_KEY' }
  const rows: readonly Refusal[] = [
    {
      name: 'a model, without a credential',
      send: asking('some-model'),
      words: ({ backend, keyHeader }) => [
        `no provider key for ${backend}`,
        variables[backend],
        `backends.${backend}.api_key in the configuration`,
        `send your own in ${keyHeader('')[0]}`,
      ],
      ...{ status: 401, code: 'no_credential', ...noRetry },
    },
    {
      name: 'a model, with a placeholder for a credential',
      send: (client) => generationCall(client, { headers: [client.keyHeader('dummy')] }),
      words: ({ backend }) => [`no provider key for ${backend}`, variables[backend]],
      ...{ status: 401, code: 'no_credential', ...noRetry },
    },
    {
      name: 'a model, with a credential of another provider',
      send: (client) =>
        generationCall(client, { headers: [client.keyHeader('gsk_0123456789abcdef0123456789')] }),
      words: ({ backend, keyHeader }) => [
        `what you sent in ${keyHeader('')[0]} does not have the form of a provider key of ${backend}`,
        variables[backend],
      ],
      ...{ status: 401, code: 'no_credential', ...noRetry },
    },
    {
      name: 'an unknown backend in a selector',
      send: asking('opnai:gpt-5|demo:echo'),
      words: [
        'at character 1',
        'no backend is called "opnai"',
        'did you mean openai?',
        'write backend:model',
      ],
      ...badSelector,
    },
    {
      name: 'an unknown backend in the second place of a selector',
      send: asking('demo:echo|antropic:claude'),
      words: ['at character 11', '"antropic"', 'did you mean anthropic?'],
      ...badSelector,
    },
    {
      name: 'an unknown backend that none is near to',
      send: asking('demo:echo|zzzzzzzz:x'),
      words: ['"zzzzzzzz"', 'backends here: openai, anthropic, gemini, '],
      ...badSelector,
    },
    {
      name: 'a selector with an empty place',
      send: asking('demo:echo||demo:echo'),
      words: ['at character 11', 'a place between | is empty'],
      ...badSelector,
    },
  ]
  testRefusals(rows, () => proxy().port)
})

describe('with one backend that is nobody’s own', () => {
  const proxy = proxyWith({
    config: { backends: { local: { type: 'vllm', api_url: 'http://127.0.0.1:9/v1' } } },
  })
  const rows: readonly Refusal[] = [
    {
      name: 'a backend whose name is misspelt, alone',
      send: asking('locl:some-model'),
      words: ['no backend is called "locl"', 'did you mean local?'],
      ...{ status: 401, code: 'no_credential', ...noRetry },
    },
  ]
  testRefusals(rows, () => proxy().port)
})
