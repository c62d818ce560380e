import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Json, JsonObject } from '../../../src/core/json.ts'
import { digestConversation } from '../../../src/proxy/sessions/digest-conversation.ts'

type Entry = { answer: boolean; item: Json }
const user = (content: Json): Entry => ({ answer: false, item: { role: 'user', content } })
const answer = (content: Json): Entry => ({ answer: true, item: { role: 'assistant', content } })

const entries = fc.array(
  fc.record({ answer: fc.boolean(), item: fc.jsonValue().map((value) => value as Json) }),
  { maxLength: 8 },
)

describe('digestConversation', () => {
  it('has as prefix what the exchange that got the last answer had sent', () => {
    const before = [user('one'), answer('two'), user('three')]
    const after = [...before, answer('four'), user('five')]
    expect(digestConversation(after).prefix).toBe(digestConversation(before).whole)
  })

  it('takes a run of answer items for one answer', () => {
    const before = [user('one')]
    const after = [...before, answer('thinking'), answer('call a'), answer('call b'), user('results')]
    expect(digestConversation(after).prefix).toBe(digestConversation(before).whole)
  })

  it('has no prefix without an answer, nor when the answer comes first', () => {
    expect(digestConversation([user('one'), user('two')]).prefix).toBeNull()
    expect(digestConversation([answer('one'), user('two')]).prefix).toBeNull()
    expect(digestConversation([])).toMatchObject({ prefix: null, count: 0 })
  })

  it('ignores cache marks wherever they stand', () => {
    const mark = { cache_control: { type: 'ephemeral' } }
    const blocks = (marks: JsonObject): Json => [
      { type: 'text', text: 'a' },
      { type: 'tool_result', content: [{ type: 'text', text: 'b', ...marks }], ...marks },
    ]
    expect(digestConversation([user(blocks(mark))])).toEqual(digestConversation([user(blocks({}))]))
  })

  it('takes a text, its only block and its marked block for the same', () => {
    const marked = { type: 'text', text: 'a', cache_control: { type: 'ephemeral' } }
    const digests = ['a', [{ type: 'text', text: 'a' }], [marked]].map((content) =>
      digestConversation([user(content as Json)]),
    )
    expect(new Set(digests.map(({ whole }) => whole)).size).toBe(1)
    const cited = [{ type: 'text', text: 'a', citations: [] }]
    expect(digestConversation([user(cited)]).whole).not.toBe(digests[0]?.whole)
  })

  it('tells conversations apart by role, order and where one message ends', () => {
    const all = [
      [user('a'), user('b')],
      [user('b'), user('a')],
      [user('ab')],
      [{ answer: false, item: { role: 'system', content: 'a' } }, user('b')],
      [
        { answer: false, item: 'a' },
        { answer: false, item: 'b' },
      ],
      [{ answer: false, item: 'a""b' }],
    ]
    expect(new Set(all.map((entry) => digestConversation(entry).whole)).size).toBe(all.length)
  })

  it('keeps the prefix of any conversation that an answer and more messages extend', () => {
    fc.assert(
      fc.property(entries, fc.string(), (start, text) => {
        const before = [...start, user(text)]
        const after = [...before, answer('yes'), user('more')]
        expect(digestConversation(after).prefix).toBe(digestConversation(before).whole)
        expect(digestConversation(after).count).toBe(before.length + 2)
      }),
    )
  })

  it('differs for any two conversations that differ', () => {
    fc.assert(
      fc.property(entries, entries, (a, b) => {
        fc.pre(JSON.stringify(a.map(({ item }) => item)) !== JSON.stringify(b.map(({ item }) => item)))
        expect(digestConversation(a).whole).not.toBe(digestConversation(b).whole)
      }),
    )
  })
})
