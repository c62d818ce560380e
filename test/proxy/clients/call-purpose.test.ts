import { describe, expect, it } from 'vitest'
import type { Json } from '../../../src/core/json.ts'
import { recognisePurpose } from '../../../src/proxy/clients/call-purpose.ts'

const asked = (items: Json[], toolNames: string[] = []) => ({
  conversation: items.map((item) => ({ answer: false, item })),
  toolNames,
})

const titleSystem = 'You are a title generator. You output ONLY a thread title. Nothing else.\n\n<task>'
const topic =
  'Analyze if this message indicates a new conversation topic. If it does, extract a 2-3 word title'

describe('recognisePurpose', () => {
  it.each(['count_tokens', 'embedding', 'other'] as const)('takes the route %s at its word', (route) => {
    expect(recognisePurpose(route, asked([titleSystem]))).toBe(route)
    expect(recognisePurpose(route, null)).toBe(route)
  })

  it.each<[string, Json[]]>([
    [
      'openai-chat',
      [
        { role: 'system', content: titleSystem },
        { role: 'user', content: 'Generate a title for this conversation:\n' },
        { role: 'user', content: 'fix the login' },
      ],
    ],
    [
      'anthropic-messages',
      [
        [
          { type: 'text', text: "You are Claude Code, Anthropic's official CLI for Claude." },
          { type: 'text', text: topic },
        ],
        { role: 'user', content: 'fix the login' },
      ],
    ],
    [
      'openai-responses',
      [
        { role: 'developer', content: titleSystem },
        { role: 'user', content: [{ type: 'input_text', text: 'fix the login' }] },
      ],
    ],
    ['gemini', [{ parts: [{ text: titleSystem }] }, { role: 'user', parts: [{ text: 'fix the login' }] }]],
    [
      'an older Claude Code',
      [
        {
          role: 'user',
          content: 'Please write a 5-10 word title for the following conversation:\n\nUser: hi',
        },
      ],
    ],
  ])('knows a title request in %s', (_, items) => {
    expect(recognisePurpose('generate', asked(items))).toBe('title')
  })

  it('is a chat when tools are offered, an answer was given, or it goes on for long', () => {
    const items: Json[] = [{ role: 'system', content: titleSystem }]
    expect(recognisePurpose('generate', asked(items, ['Bash']))).toBe('chat')
    const answered = { conversation: [{ answer: true, item: titleSystem }], toolNames: [] }
    expect(recognisePurpose('generate', answered)).toBe('chat')
    expect(recognisePurpose('generate', asked(Array(5).fill(titleSystem)))).toBe('chat')
  })

  it('is a chat when somebody only talks about titles', () => {
    const items: Json[] = [{ role: 'user', content: `Why does opencode say "${titleSystem}"?` }]
    expect(recognisePurpose('generate', asked(items))).toBe('chat')
  })

  it.each<[string, Json]>([
    ['null', null],
    ['a number', 3],
    ['nothing', {}],
    ['content of the wrong type', { content: 7, parts: 'x', text: null }],
  ])('is a chat when a message is %s', (_, item) => {
    expect(recognisePurpose('generate', asked([item]))).toBe('chat')
  })
})
