import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ReadBody } from '../../../src/capture/view/read-body.ts'
import { RequestMemory } from '../../../src/capture/view/request-memory.ts'

const bytesOf = (value: unknown) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value))
const read = (value: unknown, ...near: (ReadBody | null)[]) =>
  ReadBody.of(
    bytesOf(value),
    near.filter((body) => body !== null),
  )

function asJson(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\ufeff/, ''))
  } catch {
    return undefined
  }
}

const system = { role: 'system', content: 'Be kind: "always", [never] {not}. \\ \u00e9 \ud83d\ude42' }
const question = (n: number) => ({ role: 'user', content: [{ type: 'text', text: `Question ${n}?` }] })
const tools = [{ name: 'read', parameters: { type: 'object' } }]
const asked = (turns: number, model = 'm') => ({
  model,
  tools,
  messages: [system, ...Array.from({ length: turns }, (_, n) => question(n))],
  stream: true,
})

const messagesOf = (body: ReadBody | null) => body?.json.messages as object[]

describe('a body', () => {
  test('is its JSON', () => {
    expect(read(asked(3))?.json).toEqual(asked(3))
    expect(read(` {"a" : 1 ,"b":[ ], "c":{}, "d":"x" } `)?.json).toEqual({ a: 1, b: [], c: {}, d: 'x' })
    expect(read(`\ufeff{"a":[1]}`)?.json).toEqual({ a: [1] })
    expect(read('{}')?.json).toEqual({})
    expect(read('{"a":1,"a":[2]}')?.json).toEqual({ a: [2] })
  })

  test.each([
    '',
    '[1]',
    '{"a":1',
    '{"a":1,}',
    '{"a":[1,]}',
    '{"a":[1 2]}',
    '{"a" 1}',
    '{a:1}',
    '{"a":1}}',
    '{"a":[}',
    '{"a":"}',
    '{"a":tru}',
    '{"a":01}',
  ])('that is no JSON object is none: %s', (text) => {
    expect(read(text)).toBeNull()
  })

  test('tells where the objects stand that its lists have', () => {
    const text = '{ "n":[1, {"a":"[é]"} , [2]],"m":[{"b":2}] }'
    const bytes = Buffer.from(text)
    const placed = [...(ReadBody.of(bytes, [])?.placed() ?? [])]
    expect(placed.map(({ start, end }) => bytes.toString('utf8', start, end))).toEqual([
      '{"a":"[é]"}',
      '[2]',
      '{"b":2}',
    ])
    expect(placed.map(({ value }) => value)).toEqual([{ a: '[é]' }, [2], { b: 2 }])
  })
})

describe('beside another body', () => {
  const before = read(asked(3))

  test('a conversation that went on has the very same messages, and the new ones', () => {
    const after = read(asked(5), before)
    expect(after?.json).toEqual(asked(5))
    expect(
      messagesOf(after)
        .slice(0, 4)
        .every((message, n) => message === messagesOf(before)[n]),
    ).toBe(true)
    expect(after?.json.tools).toBe(before?.json.tools)
  })

  test('what only has another model has the very same lists', () => {
    const other = read(asked(3, 'quite another model'), before)
    expect(other?.json).toEqual(asked(3, 'quite another model'))
    expect(messagesOf(other)).toBe(messagesOf(before))
    expect(other?.hasNewElement).toBe(false)
  })

  test('a conversation that was shortened, or changed in the middle, is read as it stands', () => {
    expect(read(asked(1), before)?.json).toEqual(asked(1))
    const changed = asked(3)
    changed.messages[2] = question(99)
    const after = read(changed, before)
    expect(after?.json).toEqual(changed)
    expect(messagesOf(after)[1]).toBe(messagesOf(before)[1])
  })

  test('numbers that begin alike are not taken for one another', () => {
    expect(read('{"a":[12],"b":12}', read('{"a":[1],"b":1}'))?.json).toEqual({ a: [12], b: 12 })
    expect(read('{"a":[1]}', read('{"a":[12]}'))?.json).toEqual({ a: [1] })
    expect(read('{"a":[{},12]}', read('{"a":[{},1]}'))?.json).toEqual({ a: [{}, 12] })
  })

  test('whatever stood there, it is what its text says', () => {
    const value = fc.oneof(fc.json({ maxDepth: 3 }), fc.constantFrom('1', '[]', '[{}]', '[{"a":1},{"a":1}]'))
    const member = fc.tuple(fc.constantFrom('"a"', '"b"', '"messages"', '"__proto__"', '"é"'), value)
    const body = fc
      .array(member, { maxLength: 5 })
      .map((members) => `{${members.map(([key, text]) => `${key}:${text}`).join()}}`)
    const cut = fc.tuple(body, fc.nat(), fc.string()).map(([text, at, more]) => {
      const end = at % (text.length + 1)
      return text.slice(0, end) + more + text.slice(end)
    })
    fc.assert(
      fc.property(fc.oneof(body, cut), fc.array(body, { maxLength: 3 }), (text, others) => {
        const near = others.map((other) => read(other)).filter((found) => found !== null)
        const found = ReadBody.of(Buffer.from(text), near)
        if (found) expect(found.json).toEqual(asJson(text))
      }),
      { numRuns: 1000 },
    )
  })

  test('bytes that are no UTF-8 become what they become in the whole text', () => {
    const odd = (tail: number[]) =>
      Buffer.concat([
        Buffer.from('{"a":[{"b":"'),
        Buffer.from(tail),
        Buffer.from('"},{"c":"'),
        Buffer.from(tail),
        Buffer.from('"}]}'),
      ])
    for (const tail of [[0xff], [0xe2, 0x82], [0xc3], [0xf0, 0x9f, 0x98]]) {
      const bytes = odd(tail)
      const near = ReadBody.of(odd([0x78]), [])
      expect(ReadBody.of(bytes, near ? [near] : [])?.json).toEqual(JSON.parse(bytes.toString('utf8')))
    }
  })
})

describe('a memory of requests', () => {
  const long = (turns: number, who = '') => ({
    model: 'm',
    messages: Array.from({ length: turns }, (_, n) => ({
      role: 'user',
      content: `${who}${n}`.padEnd(1500, '.'),
    })),
  })

  test('knows what a conversation said before, and no other conversation', () => {
    const memory = new RequestMemory()
    const first = memory.read('s_1', bytesOf(long(3)))
    const second = memory.read('s_1', bytesOf(long(4)))
    const other = memory.read('s_2', bytesOf(long(4)))
    expect(messagesOf(second)[2]).toBe(messagesOf(first)[2])
    expect(messagesOf(other)[2]).not.toBe(messagesOf(first)[2])
    expect(other?.json).toEqual(second?.json)
  })

  test('knows several conversations of one session beside each other', () => {
    const memory = new RequestMemory()
    const agent = memory.read('s_1', bytesOf(long(3, 'agent')))
    memory.read('s_1', bytesOf(long(2, 'helper')))
    expect(messagesOf(memory.read('s_1', bytesOf(long(4, 'agent'))))[0]).toBe(messagesOf(agent)[0])
  })

  test('forgets the oldest where there is much', () => {
    const memory = new RequestMemory()
    const first = memory.read('s_0', bytesOf(long(400)))
    for (let n = 1; n < 30; n++) memory.read(`s_${n}`, bytesOf(long(400)))
    expect(messagesOf(memory.read('s_0', bytesOf(long(400))))[0]).not.toBe(messagesOf(first)[0])
  })
})
