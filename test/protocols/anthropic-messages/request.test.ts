import { expect, test } from 'vitest'
import { anthropicMessages } from '../../../src/protocols/anthropic-messages/index.ts'

test('the system prompt comes first, messages keep their order and any role', () => {
  const system = [
    { type: 'text', text: 'x-anthropic-billing-header: cc_version=2' },
    { type: 'text', text: 'You are Claude Code', cache_control: { type: 'ephemeral' } },
  ]
  const facts = anthropicMessages.readRequest({
    model: 'claude-sonnet-4-5',
    stream: true,
    system,
    messages: [
      { role: 'user', content: 'hi' },
      { role: 'assistant', content: [] },
      { role: 'system', content: 'now' },
    ],
    metadata: { user_id: '{"session_id":"s"}' },
    tools: [{ name: 'Bash' }, { type: 'web_search_20250305', name: 'web_search' }],
  })
  expect(facts.conversation.map(({ answer }) => answer)).toEqual([false, false, true, false])
  expect(facts.conversation[0]?.item).toBe(system)
  expect(facts).toMatchObject({
    model: 'claude-sonnet-4-5',
    stream: true,
    asksForUsage: true,
    userId: '{"session_id":"s"}',
    promptCacheKey: null,
    toolNames: ['Bash', 'web_search'],
    systemStart: 'x-anthropic-billing-header: cc_version=2\nYou are Claude Code',
  })
})

test('a system prompt may be a string or absent', () => {
  expect(anthropicMessages.readRequest({ system: 'Be brief.' }).conversation).toEqual([
    { answer: false, item: 'Be brief.' },
  ])
  expect(anthropicMessages.readRequest({ system: '' }).conversation).toEqual([])
  expect(anthropicMessages.readRequest({ metadata: 'x', messages: null }).userId).toBeNull()
})
