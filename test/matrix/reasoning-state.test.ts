import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ProtocolName } from '../../src/core/protocol-name.ts'
import { type FakeProvider, jsonBody, startFakeProvider } from '../support/fake-provider.ts'
import { startTestProxy, type TestProxy } from '../support/start-proxy.ts'
import { json, type Received } from './backends/backend.ts'

/** What a provider's model thought before it called a tool, with the state that only it can read. */
const thinkers: Readonly<
  Partial<Record<ProtocolName, { type: string; model: string; answer: object; native: object }>>
> = {
  'openai-responses': {
    ...{ type: 'openai', model: 'gpt-5-mini' },
    answer: {
      ...{ id: 'resp_1', object: 'response', status: 'completed', model: 'gpt-5-mini' },
      output: [
        {
          ...{ id: 'rs_1', type: 'reasoning', encrypted_content: 'gAAAAABo+/=' },
          summary: [{ type: 'summary_text', text: 'I must look.' }],
        },
        { id: 'fc_1', type: 'function_call', call_id: 'call_1', name: 'look', arguments: '{}' },
      ],
    },
    native: expect.objectContaining({
      ...{ type: 'reasoning', encrypted_content: 'gAAAAABo+/=' },
      summary: [{ type: 'summary_text', text: 'I must look.' }],
    }),
  },
  'anthropic-messages': {
    ...{ type: 'anthropic', model: 'claude-sonnet-4-5' },
    answer: {
      ...{
        id: 'msg_1',
        type: 'message',
        role: 'assistant',
        model: 'claude-sonnet-4-5',
        stop_reason: 'tool_use',
      },
      content: [
        { type: 'thinking', thinking: 'I must look.', signature: 'EqQBCkYI+/=' },
        { type: 'tool_use', id: 'call_1', name: 'look', input: {} },
      ],
      usage: { input_tokens: 1, output_tokens: 1 },
    },
    native: { type: 'thinking', thinking: 'I must look.', signature: 'EqQBCkYI+/=' },
  },
  gemini: {
    ...{ type: 'gemini', model: 'gemini-3-pro-preview' },
    answer: {
      candidates: [
        {
          ...{ index: 0, finishReason: 'STOP' },
          content: {
            role: 'model',
            parts: [{ functionCall: { name: 'look', args: {} }, thoughtSignature: 'CiQBcsja+/=' }],
          },
        },
      ],
    },
    native: expect.objectContaining({
      functionCall: expect.objectContaining({ name: 'look' }),
      thoughtSignature: 'CiQBcsja+/=',
    }),
  },
}

interface EchoingClient {
  path: (model: string) => string
  /** The first request, and the second: all that came back, and the tool's result. */
  first: (model: string) => Received
  second: (first: Received, answer: Received) => Received
}

const schema = { type: 'object', properties: {} }
const clients: Readonly<Record<ProtocolName, EchoingClient>> = {
  'openai-chat': {
    path: () => '/v1/chat/completions',
    first: (model) => ({
      ...{ model, reasoning_effort: 'high', messages: [{ role: 'user', content: 'Look.' }] },
      tools: [{ type: 'function', function: { name: 'look', parameters: schema } }],
    }),
    second: (first, { choices: [{ message }] }) => ({
      ...first,
      messages: [
        ...first.messages,
        message,
        { role: 'tool', tool_call_id: message.tool_calls[0].id, content: 'seen' },
      ],
    }),
  },
  'openai-responses': {
    path: () => '/v1/responses',
    first: (model) => ({
      ...{ model, store: false, reasoning: { effort: 'high', summary: 'auto' } },
      ...{ include: ['reasoning.encrypted_content'], input: [{ role: 'user', content: 'Look.' }] },
      tools: [{ type: 'function', name: 'look', parameters: schema }],
    }),
    second: (first, { output }) => {
      const { call_id } = output.find((item: Received) => item.type === 'function_call')
      return {
        ...first,
        input: [...first.input, ...output, { type: 'function_call_output', call_id, output: 'seen' }],
      }
    },
  },
  'anthropic-messages': {
    path: () => '/v1/messages',
    first: (model) => ({
      ...{ model, max_tokens: 30_000, thinking: { type: 'enabled', budget_tokens: 24_576 } },
      messages: [{ role: 'user', content: 'Look.' }],
      tools: [{ name: 'look', input_schema: schema }],
    }),
    second: (first, { content }) => {
      const { id } = content.find((block: Received) => block.type === 'tool_use')
      const result = { type: 'tool_result', tool_use_id: id, content: 'seen' }
      return {
        ...first,
        messages: [...first.messages, { role: 'assistant', content }, { role: 'user', content: [result] }],
      }
    },
  },
  gemini: {
    path: (model) => `/v1beta/models/${model}:generateContent`,
    first: () => ({
      contents: [{ role: 'user', parts: [{ text: 'Look.' }] }],
      tools: [{ functionDeclarations: [{ name: 'look', parametersJsonSchema: schema }] }],
      generationConfig: { thinkingConfig: { includeThoughts: true, thinkingLevel: 'HIGH' } },
    }),
    second: (first, { candidates: [{ content }] }) => {
      const { functionCall } = content.parts.find((part: Received) => part.functionCall)
      const result = { functionResponse: { id: functionCall.id, name: 'look', response: { result: 'seen' } } }
      return { ...first, contents: [...first.contents, content, { role: 'user', parts: [result] }] }
    },
  },
}

let fake: FakeProvider
let proxy: TestProxy
beforeAll(async () => {
  fake = await startFakeProvider()
  const backends = Object.entries(thinkers).map(([protocol, { type, model }]) => [
    protocol,
    {
      ...{ type, api_key: 'sk-provider-000000000000', protocols: [protocol], models: [model] },
      api_url: `${fake.url}/${protocol === 'gemini' ? 'v1beta' : 'v1'}`,
    },
  ])
  proxy = await startTestProxy({ config: { backends: Object.fromEntries(backends) } })
})
afterAll(async () => {
  await proxy.stop()
  await fake.close()
})

describe.each(Object.entries(thinkers))(
  'what a model on %s thought',
  (protocol, { model, answer, native }) => {
    it.each(Object.entries(clients))(
      'comes back to it byte for byte through a client of %s, and to no other',
      async (name, client) => {
        fake.answer(json(200, answer))
        const ask = async (body: object, asked: string) => {
          const response = await fetch(`${proxy.url}/${protocol}${client.path(asked)}`, {
            method: 'POST',
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify(name === 'gemini' ? body : { ...body, model: asked }),
          })
          expect(response.status).toBe(200)
          return response.json() as Received
        }
        const first = client.first(model)
        const second = client.second(first, await ask(first, model))
        await ask(second, model)
        const received = jsonBody(fake.requests.at(-1) as never) as Received
        const turns: Received[] = received.input ?? received.messages ?? received.contents
        const held = turns.flatMap((turn) => turn.content ?? turn.parts ?? turn)
        expect([...turns, ...held]).toContainEqual(native)
        if (name === protocol) return
        await ask(second, 'another-model')
        expect(fake.requests.at(-1)?.body.toString()).not.toMatch(
          /gAAAAABo|EqQBCkYI|CiQBcsja|bGxtcHJveHkvdjEv/,
        )
      },
    )
  },
)
