import { expect, test } from 'vitest'
import { openAiResponses } from '../../../src/protocols/openai-responses/index.ts'

test('tells what the model wrote from what it was told', () => {
  const items: [boolean, object][] = [
    [false, { type: 'message', role: 'developer', content: [{ type: 'input_text', text: 'You are Codex' }] }],
    [false, { role: 'user', content: 'hi' }],
    [true, { type: 'reasoning', encrypted_content: 'gAAA' }],
    [true, { type: 'message', role: 'assistant', content: [] }],
    [true, { type: 'function_call', call_id: 'c' }],
    [false, { type: 'function_call_output', call_id: 'c', output: '1' }],
    [true, { type: 'web_search_call' }],
    [true, { type: 'custom_tool_call', call_id: 'd' }],
    [false, { type: 'custom_tool_call_output', call_id: 'd' }],
    [true, { type: 'item_reference', id: 'rs_1' }],
    [false, { type: 'mcp_approval_response' }],
  ]
  const facts = openAiResponses.readRequest({
    model: 'gpt-5',
    stream: true,
    input: items.map(([, item]) => item) as never,
  })
  expect(facts.conversation.map(({ answer }) => answer)).toEqual(items.map(([answer]) => answer))
  expect(facts).toMatchObject({
    model: 'gpt-5',
    stream: true,
    asksForUsage: true,
    systemStart: 'You are Codex',
  })
})

test('instructions come first, a text is one item', () => {
  const facts = openAiResponses.readRequest({
    instructions: 'Be brief.',
    input: 'hi',
    safety_identifier: 's1',
    prompt_cache_key: 'k1',
    tools: [
      { type: 'function', name: 'f' },
      { type: 'namespace', name: 'agents', tools: [{ type: 'function', name: 'spawn' }] },
      { type: 'local_shell' },
    ],
  })
  expect(facts.conversation).toEqual([
    { answer: false, item: 'Be brief.' },
    { answer: false, item: 'hi' },
  ])
  expect(facts).toMatchObject({ model: null, userId: 's1', promptCacheKey: 'k1', systemStart: 'Be brief.' })
  expect(facts.toolNames).toEqual(['f', 'agents', 'spawn', 'local_shell'])
})
