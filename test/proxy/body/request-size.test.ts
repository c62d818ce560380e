import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../../src/core/json.ts'
import type { ProtocolName } from '../../../src/core/protocol-name.ts'
import { inspectBody } from '../../../src/proxy/body/inspect.ts'
import { requestSize } from '../../../src/proxy/body/request-size.ts'

function sizeOf(protocol: ProtocolName, body: JsonObject) {
  const bytes = Buffer.from(JSON.stringify(body))
  return { ...requestSize(protocol, body, bytes), halfBytes: Math.ceil(bytes.length / 2) }
}

const base64 = (bytes: number) => Buffer.alloc(bytes, 7).toString('base64')
const chat = (content: JsonObject[], more: JsonObject = {}): JsonObject => ({
  ...{ model: 'm', messages: [{ role: 'user', content }], ...more },
})
const messages = (content: JsonObject[], more: JsonObject = {}): JsonObject => ({
  ...{ model: 'm', max_tokens: 9, messages: [{ role: 'user', content }], ...more },
})

describe('the limit of the answer', () => {
  it.each<[ProtocolName, JsonObject, number | null, number]>([
    ['openai-chat', { messages: [], max_tokens: 12 }, 12, 1],
    ['openai-chat', { messages: [], max_completion_tokens: 7, n: 3 }, 7, 3],
    ['openai-responses', { input: 'hi', max_output_tokens: 5 }, 5, 1],
    ['anthropic-messages', { messages: [], max_tokens: 99 }, 99, 1],
    ['gemini', { contents: [], generationConfig: { maxOutputTokens: 8, candidateCount: 2 } }, 8, 2],
    ['gemini', { contents: [], generation_config: { max_output_tokens: 8 } }, 8, 1],
    ['openai-chat', { messages: [] }, null, 1],
    // LM Studio and llama.cpp: as many as there is room for.
    ['openai-chat', { messages: [], max_tokens: -1 }, null, 1],
    ['openai-chat', { messages: [], max_tokens: 0, n: 0 }, null, 1],
    ['openai-chat', { messages: [], max_tokens: '50' }, null, 1],
  ])('of %s is found in %j', (protocol, body, maxOutputTokens, choices) => {
    expect(sizeOf(protocol, body)).toMatchObject({ maxOutputTokens, choices })
  })
})

describe('the prompt', () => {
  it('counts as one token for two bytes, as they came', () => {
    for (const text of ['hello', '猫が好き', 'x'.repeat(10_001)]) {
      const { promptTokens, halfBytes } = sizeOf('openai-chat', chat([{ type: 'text', text }]))
      expect(promptTokens).toBe(halfBytes)
    }
  })

  it('counts a picture by rule, not by its bytes', () => {
    const image = { type: 'image_url', image_url: { url: `data:image/png;base64,${base64(300_000)}` } }
    const { promptTokens } = sizeOf('openai-chat', chat([image]))
    expect(promptTokens).toBeGreaterThan(5_000)
    expect(promptTokens).toBeLessThan(5_200)
    const source = { type: 'base64', media_type: 'image/png', data: base64(300_000) }
    const result = { type: 'tool_result', tool_use_id: 't', content: [{ type: 'image', source }] }
    expect(sizeOf('anthropic-messages', messages([result])).promptTokens).toBeLessThan(5_200)
  })

  it('counts base64 that is no picture as what it is to the model: text', () => {
    const { promptTokens, halfBytes } = sizeOf(
      'openai-chat',
      chat([{ type: 'text', text: `data:image/png;base64,${base64(9_000)}` }]),
    )
    expect(promptTokens).toBe(halfBytes)
    const input = { type: 'image', source: { type: 'base64', media_type: 'image/png', data: base64(9_000) } }
    const call = { type: 'tool_use', id: 't', name: 'show', input }
    const asked = { model: 'm', max_tokens: 9, messages: [{ role: 'assistant', content: [call] }] }
    const ofTool = sizeOf('anthropic-messages', asked)
    expect(ofTool.promptTokens).toBe(ofTool.halfBytes)
  })

  it('counts sound by its length, at the rate of sound', () => {
    const audio = { type: 'input_audio', input_audio: { data: base64(100_000), format: 'mp3' } }
    const { promptTokens, audioTokens } = sizeOf('openai-chat', chat([audio]))
    expect(audioTokens).toBeGreaterThanOrEqual(1_000)
    expect(promptTokens - audioTokens).toBeLessThan(100)
  })

  it('counts a document as if it were text', () => {
    const source = { type: 'base64', media_type: 'application/pdf', data: base64(40_000) }
    const { promptTokens } = sizeOf('anthropic-messages', messages([{ type: 'document', source }]))
    expect(promptTokens).toBeGreaterThan(20_000)
    expect(promptTokens).toBeLessThan(20_200)
  })

  it.each<[string, ProtocolName, JsonObject]>([
    ['an answer kept by the provider', 'openai-responses', { input: 'hi', previous_response_id: 'resp_1' }],
    ['a conversation kept by the provider', 'openai-responses', { input: 'hi', conversation: 'conv_1' }],
    ['a cache of Gemini', 'gemini', { contents: [], cachedContent: 'cachedContents/1' }],
    [
      'a file',
      'anthropic-messages',
      messages([{ type: 'document', source: { type: 'file', file_id: 'f' } }]),
    ],
    [
      'a search of the provider',
      'anthropic-messages',
      messages([], { tools: [{ type: 'web_search_20250305', name: 'web_search' }] }),
    ],
  ])('counts %s, whose size nobody here knows, as a hundred thousand tokens', (_name, protocol, body) => {
    expect(sizeOf(protocol, body).promptTokens).toBeGreaterThanOrEqual(100_000)
  })

  it('that this protocol’s reader does not understand counts by its bytes', () => {
    const { promptTokens, halfBytes } = sizeOf('openai-chat', { messages: 'what is this', max_tokens: 5 })
    expect(promptTokens).toBeGreaterThanOrEqual(halfBytes)
  })

  it('may go into a cache for an hour only where somebody says so', () => {
    const text = (more: JsonObject) => messages([{ type: 'text', text: 'keep it 1h', ...more }])
    const cached = (ttl: string) => text({ cache_control: { type: 'ephemeral', ttl } })
    expect(sizeOf('anthropic-messages', text({})).cachesForAnHour).toBe(false)
    expect(sizeOf('anthropic-messages', cached('5m')).cachesForAnHour).toBe(false)
    expect(sizeOf('anthropic-messages', cached('1h')).cachesForAnHour).toBe(true)
  })
})

it('is measured only where it is asked for', () => {
  const bytes = Buffer.from('{"model":"m","messages":[]}')
  expect(inspectBody('openai-chat', bytes).size).toBeNull()
  expect(inspectBody('openai-chat', bytes, true).size?.promptTokens).toBe(14)
})
