import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/core/json.ts'
import { sealState } from '../../src/protocols/translation/reasoning-state.ts'
import { request } from './saying.ts'

/** The rules of reference/protocols.md §4 that concern requests; each is a bug that others had. */
// biome-ignore lint/suspicious/noExplicitAny: wire objects of four protocols.
type Wire = any

const chatTool = (parameters: JsonObject): JsonObject => ({
  type: 'function',
  function: { name: 'f', parameters },
})
const messageTool: JsonObject = { name: 'f', input_schema: { type: 'object' } }

describe('a request said to another protocol', () => {
  it('rule 13: has the items of one turn of Responses in one chat message', () => {
    const call = (id: string) => ({ type: 'function_call', call_id: id, name: 'f', arguments: '{}' })
    const output = (id: string) => ({ type: 'function_call_output', call_id: id, output: id })
    const input = [
      { role: 'user', content: 'go' },
      { type: 'reasoning', summary: [{ type: 'summary_text', text: 'hm' }] },
      { type: 'web_search_call', status: 'completed' },
      ...[call('a'), call('b'), output('a'), output('b')],
    ]
    const { body } = request('openai-responses', { input }, 'openai-chat', 'deepseek-chat', 'deepseek')
    expect(body.messages.map(({ role }: Wire) => role)).toEqual(['user', 'assistant', 'tool', 'tool'])
    expect(body.messages[1].tool_calls.map(({ id }: Wire) => id)).toEqual(['a', 'b'])
    expect(body.messages[1].reasoning_content).toBe('hm')
  })

  it('rule 14: has results that were spread over later turns right behind their calls, the user’s words after them', () => {
    const result = (id: string) => ({ type: 'tool_result', tool_use_id: id, content: id })
    const messages = [
      { role: 'user', content: 'go' },
      {
        role: 'assistant',
        content: ['a', 'b'].map((id) => ({ type: 'tool_use', id, name: 'f', input: {} })),
      },
      { role: 'user', content: [{ type: 'text', text: 'and' }, result('a')] },
      { role: 'user', content: [result('b')] },
    ]
    const { body } = request(
      'anthropic-messages',
      { messages, max_tokens: 9, tools: [messageTool] },
      'openai-chat',
    )
    expect(
      body.messages.slice(2).map(({ role, tool_call_id, content }: Wire) => [role, tool_call_id ?? content]),
    ).toEqual([
      ['tool', 'a'],
      ['tool', 'b'],
      ['user', 'and'],
    ])
  })

  it('rule 15: has consecutive tool messages in one user turn, results before text', () => {
    const messages = [
      { role: 'user', content: 'go' },
      {
        role: 'assistant',
        tool_calls: ['a', 'b'].map((id) => ({
          id,
          type: 'function',
          function: { name: 'f', arguments: '{}' },
        })),
      },
      { role: 'tool', tool_call_id: 'a', content: '1' },
      { role: 'tool', tool_call_id: 'b', content: '2' },
      { role: 'user', content: 'and' },
    ]
    const { body } = request(
      'openai-chat',
      { messages, tools: [chatTool({})] },
      'anthropic-messages',
      'claude-sonnet-4-5',
    )
    expect(body.messages).toHaveLength(3)
    expect(body.messages[2].content.map(({ type }: Wire) => type)).toEqual([
      'tool_result',
      'tool_result',
      'text',
    ])
  })

  it('rule 16: says so where a call has no result, and keeps a result whose call is gone', () => {
    const messages = [
      { role: 'user', content: 'go' },
      {
        role: 'assistant',
        tool_calls: [{ id: 'a', type: 'function', function: { name: 'f', arguments: '{}' } }],
      },
      { role: 'user', content: 'and' },
      { role: 'tool', tool_call_id: 'gone', content: 'rain' },
    ]
    const { body } = request(
      'openai-chat',
      { messages, tools: [chatTool({})] },
      'anthropic-messages',
      'claude-sonnet-4-5',
    )
    expect(body.messages[2].content[0]).toMatchObject({
      type: 'tool_result',
      tool_use_id: 'a',
      is_error: true,
    })
    expect(JSON.stringify(body.messages)).toContain('rain')
  })

  it('rule 21: gives thoughts back byte for byte to the model that wrote them, and to no other', () => {
    const sealed = sealState({
      protocol: 'anthropic-messages',
      model: 'claude-sonnet-4-5',
      kind: 'signature',
      data: 'EqQB',
    })
    const input = [
      { role: 'user', content: 'go' },
      { type: 'reasoning', summary: [{ type: 'summary_text', text: 'hm ü' }], encrypted_content: sealed },
      { type: 'function_call', call_id: 'a', name: 'f', arguments: '{}' },
      { type: 'function_call_output', call_id: 'a', output: '1' },
    ]
    const body = {
      input,
      reasoning: { effort: 'high' },
      tools: [{ type: 'function', name: 'f', parameters: {} }],
    }
    const same = request('openai-responses', body, 'anthropic-messages', 'claude-sonnet-4-5')
    expect(same.body.messages[1].content[0]).toEqual({
      type: 'thinking',
      thinking: 'hm ü',
      signature: 'EqQB',
    })
    const other = request('openai-responses', body, 'anthropic-messages', 'claude-opus-4-5')
    expect(JSON.stringify(other.body.messages)).not.toContain('EqQB')
    expect(other.lost).toContain('reasoning_state')
  })

  it('rule 22: gives Gemini its signature back on the same part, and the sentinel where there is none', () => {
    const signature = sealState({
      protocol: 'gemini',
      model: 'gemini-3-pro',
      kind: 'thought_signature',
      data: 'CiQB',
    })
    const call = (id: string, extra: object) => ({
      id,
      type: 'function',
      function: { name: 'f', arguments: '{}' },
      ...extra,
    })
    const turn = (id: string, extra = {}) => [
      { role: 'assistant', tool_calls: [call(id, extra)] },
      { role: 'tool', tool_call_id: id, content: '1' },
    ]
    const extra_content = { google: { thought_signature: signature } }
    const messages = [{ role: 'user', content: 'go' }, ...turn('a', { extra_content }), ...turn('b')]
    const { body } = request('openai-chat', { messages, tools: [chatTool({})] }, 'gemini', 'gemini-3-pro')
    const signatures = body.contents.flatMap(({ parts }: Wire) =>
      parts.flatMap((part: Wire) => part.thoughtSignature ?? []),
    )
    expect(signatures).toEqual(['CiQB', 'skip_thought_signature_validator'])
  })

  it('rule 23: gives Gemini every keyword of a schema untouched, in the field that takes JSON Schema', () => {
    const parameters = {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      type: 'object',
      $defs: { a: { const: 1 } },
      properties: {
        a: { $ref: '#/$defs/a' },
        b: { type: ['string', 'null'] },
        c: { type: 'array', uniqueItems: true },
      },
      propertyNames: { pattern: '^[a-z]$' },
      patternProperties: { '^x': { type: 'string' } },
      additionalProperties: false,
    }
    const { body } = request(
      'openai-chat',
      { messages: [{ role: 'user', content: 'go' }], tools: [chatTool(parameters)] },
      'gemini',
    )
    expect(body.tools[0].functionDeclarations[0].parametersJsonSchema).toEqual(parameters)
  })

  it('rule 24: lets nothing of Anthropic’s own reach a backend that would refuse it', () => {
    const client: JsonObject = {
      system: [{ type: 'text', text: 's', cache_control: { type: 'ephemeral' } }],
      messages: [
        { role: 'user', content: [{ type: 'text', text: 'go', cache_control: { type: 'ephemeral' } }] },
      ],
      max_tokens: 9,
      thinking: { type: 'adaptive' },
      context_management: { edits: [{ type: 'clear_thinking_20251015', keep: 'all' }] },
      metadata: { user_id: 'u' },
    }
    for (const backend of ['openai-chat', 'openai-responses', 'gemini'] as const) {
      const { body, lost } = request('anthropic-messages', client, backend)
      expect(JSON.stringify(body)).not.toMatch(/cache_control|context_management|adaptive"|ephemeral/)
      expect(lost).toEqual(expect.arrayContaining(['cache_control', 'other_parameters']))
    }
  })

  it('and more: results in array form are text, `any` is OpenAI’s required, and a limit always reaches Anthropic', () => {
    const messages = [
      { role: 'user', content: 'go' },
      { role: 'assistant', content: [{ type: 'tool_use', id: 'a', name: 'f', input: {} }] },
      {
        role: 'user',
        content: [{ type: 'tool_result', tool_use_id: 'a', content: [{ type: 'text', text: 'rain' }] }],
      },
    ]
    const asked = { messages, max_tokens: 77, tools: [messageTool], tool_choice: { type: 'any' } }
    const { body } = request('anthropic-messages', asked, 'openai-chat')
    expect(body.messages[2]).toEqual({ role: 'tool', tool_call_id: 'a', content: 'rain' })
    expect([body.tool_choice, body.max_tokens]).toEqual(['required', 77])
    const toGemini = request('anthropic-messages', asked, 'gemini').body
    expect(toGemini.generationConfig.maxOutputTokens).toBe(77)
    const toAnthropic = request(
      'openai-chat',
      { messages: [{ role: 'user', content: 'go' }] },
      'anthropic-messages',
    ).body
    expect(toAnthropic.max_tokens).toBeGreaterThan(0)
  })
})
