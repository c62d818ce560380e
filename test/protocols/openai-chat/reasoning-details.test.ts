import { describe, expect, test } from 'vitest'
import { decodeThoughts, reasoningDetail } from '../../../src/protocols/openai-chat/reasoning-details.ts'
import { sealState } from '../../../src/protocols/translation/reasoning-state.ts'

const signature = (data: string) =>
  ({ protocol: 'anthropic-messages', model: 'claude-opus-4-6', kind: 'signature', data }) as const
const redacted = { ...signature('r'), kind: 'redacted' } as const
const detail = (state: Parameters<typeof sealState>[0], start: number, end: number) =>
  reasoningDetail(sealState(state), 0, { start, end })

describe('the thoughts of a message that a client sends back', () => {
  test('are those of the answer: each state with exactly its own text', () => {
    const thoughts = decodeThoughts({
      reasoning_content: 'One.\n\nBare.\n\nTwo.\n\nLast.',
      reasoning_details: [
        detail(redacted, 0, 0),
        detail(signature('s1'), 0, 4),
        detail(signature('s2'), 13, 17),
      ],
    })
    expect(thoughts).toEqual([
      { type: 'reasoning', text: '', state: redacted },
      { type: 'reasoning', text: 'One.', state: signature('s1') },
      { type: 'reasoning', text: 'Bare.' },
      { type: 'reasoning', text: 'Two.', state: signature('s2') },
      { type: 'reasoning', text: 'Last.' },
    ])
  })

  test.each([
    ['a detail whose id is gone', { id: null }],
    ['one whose stretch lies beyond the text', { id: 'thought_0_400' }],
    ['one whose stretch runs backwards', { id: 'thought_4_0' }],
  ])('are for the first state that proves a text, with %s', (_what, change) => {
    const thoughts = decodeThoughts({
      reasoning: 'One.',
      reasoning_details: [{ ...detail(signature('s1'), 0, 4), ...change }, detail(redacted, 4, 4)],
    })
    expect(thoughts).toEqual([
      { type: 'reasoning', text: 'One.', state: signature('s1') },
      { type: 'reasoning', text: '', state: redacted },
    ])
  })

  test('that a client has cut short are no longer cut into stretches', () => {
    const thoughts = decodeThoughts({
      reasoning: 'One.\n\nTw',
      reasoning_details: [detail(signature('s1'), 0, 4), detail(signature('s2'), 6, 10)],
    })
    expect(thoughts).toEqual([
      { type: 'reasoning', text: 'One.\n\nTw', state: signature('s1') },
      { type: 'reasoning', text: '', state: signature('s2') },
    ])
  })

  test('are never given to a redacted one, which proves no text', () => {
    const lost = { ...detail(redacted, 0, 0), id: null }
    expect(decodeThoughts({ reasoning: 'One.', reasoning_details: [lost] })).toEqual([
      { type: 'reasoning', text: 'One.' },
      { type: 'reasoning', text: '', state: redacted },
    ])
  })

  test("of another vendor keep that vendor's details as they are", () => {
    const theirs = [
      { type: 'reasoning.text', text: 'Hm.', signature: 'EqRk', format: 'anthropic-claude-v1', index: 0 },
      { type: 'reasoning.encrypted', data: 'gAAA', format: 'openai-responses-v1', index: 1 },
    ]
    expect(decodeThoughts({ reasoning_details: theirs })).toEqual([
      {
        type: 'reasoning',
        text: 'Hm.',
        state: { protocol: 'openai-chat', model: null, kind: 'encrypted', data: JSON.stringify(theirs) },
      },
    ])
  })

  test('are plain where the vendor proves nothing', () => {
    const theirs = [
      { type: 'reasoning.text', text: 'Hm.' },
      { type: 'reasoning.summary', summary: ' So.' },
    ]
    expect(decodeThoughts({ reasoning_details: theirs })).toEqual([{ type: 'reasoning', text: 'Hm. So.' }])
    expect(decodeThoughts({ reasoning_content: 'Hm.' })).toEqual([{ type: 'reasoning', text: 'Hm.' }])
    expect(decodeThoughts({})).toEqual([])
  })
})
