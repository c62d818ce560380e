import { describe, expect, it } from 'vitest'
import type { CompareLevel } from '../../../src/capture/diff/difference.ts'
import { requestKey } from '../../../src/capture/diff/request-key.ts'
import { comparedRequest, compareRequests } from '../../../src/capture/diff/requests.ts'
import { volatileFields, withoutVolatile } from '../../../src/capture/diff/volatile-fields.ts'
import type { JsonObject } from '../../../src/core/json.ts'
import type { ProtocolName } from '../../../src/core/protocol-name.ts'
import { aCapture, edited, viewsOf } from '../../support/a-capture.ts'

function requestOf(request: JsonObject, protocol: ProtocolName = 'openai-chat', path?: string) {
  const [view] = viewsOf(aCapture({ protocol, request, ...(path !== undefined && { path }) }))
  if (!view?.ctp) throw new Error('the exchange has no request')
  return comparedRequest(view.ctp, view.protocol)
}
const paths = (before: JsonObject, after: JsonObject, level: CompareLevel = 'semantic') =>
  compareRequests(requestOf(before), requestOf(after), level).map(({ path }) => path)

const asked = (more: JsonObject = {}): JsonObject => ({
  model: 'gpt-4o',
  messages: [{ role: 'user', content: 'Hi' }],
  ...more,
})
const turns = (id: string, answered = id): JsonObject =>
  asked({
    messages: [
      { role: 'user', content: 'Hi' },
      {
        role: 'assistant',
        content: null,
        tool_calls: [{ id, type: 'function', function: { name: 'Bash', arguments: '{}' } }],
      },
      { role: 'tool', tool_call_id: answered, content: 'done' },
    ],
  })

describe('requests', () => {
  it('are the same in any order of their members', () => {
    const [one, other] = [
      { model: 'm', messages: [], n: 1 },
      { n: 1, messages: [], model: 'm' },
    ]
    expect(paths(one, other)).toEqual([])
    expect(paths(one, other, 'bytes')).toHaveLength(1)
    expect(requestKey(requestOf(one))).toBe(requestKey(requestOf(other)))
  })

  it('are not the same where anything else differs', () => {
    expect(paths(asked(), asked({ temperature: 0 }))).toEqual(['temperature'])
    expect(paths(asked(), asked({ n: 2 }), 'bytes')).toHaveLength(1)
    expect(requestKey(requestOf(asked()))).not.toBe(requestKey(requestOf(asked({ temperature: 0 }))))
  })

  it('may name their tool calls as they like, as long as the results name the same', () => {
    expect(paths(turns('call_1'), turns('call_2'))).toEqual([])
    expect(requestKey(requestOf(turns('call_1')))).toBe(requestKey(requestOf(turns('call_2'))))
    expect(paths(turns('call_1'), turns('call_2', 'call_3'))).toEqual(['messages[2].tool_call_id'])
  })

  it('of two protocols are compared in canonical words', () => {
    const anthropic = requestOf(
      { model: 'gpt-4o', max_tokens: 9, messages: [{ role: 'user', content: 'Hi' }] },
      'anthropic-messages',
    )
    const same = compareRequests(requestOf(asked({ max_tokens: 9 })), anthropic, 'semantic')
    expect(same).toEqual([])
    const other = compareRequests(requestOf(asked({ max_tokens: 10 })), anthropic, 'semantic')
    expect(other.map(({ path }) => path)).toEqual(['maxOutputTokens'])
  })

  it('to other paths are not the same, whatever key stands in them', () => {
    const to = (path: string) => requestOf({ contents: [] }, 'gemini', path)
    const differ = (a: string, b: string) => compareRequests(to(a), to(b), 'semantic').map(({ path }) => path)
    expect(differ('/v1beta/models/a:generateContent', '/v1beta/models/b:generateContent')).toEqual(['url'])
    expect(
      differ('/v1beta/models/a:generateContent?key=1', '/v1beta/models/a:generateContent?key=2'),
    ).toEqual([])
  })

  it('by structure are their roles, parts and tools', () => {
    const said = (content: string) => asked({ messages: [{ role: 'user', content }] })
    expect(paths(said('Hi'), said('Ho'), 'structure')).toEqual([])
    expect(paths(asked(), turns('call_1'), 'structure')).toEqual(['messages[1]', 'messages[2]'])
  })

  it('that are no JSON are compared by their bytes', () => {
    const text = (body: string) => {
      const [view] = viewsOf(edited(aCapture(), (x) => x.request.setBody(body)))
      if (!view?.ctp) throw new Error('the exchange has no request')
      return comparedRequest(view.ctp, view.protocol)
    }
    const found = compareRequests(text('abc'), text('abd'), 'semantic')
    expect(found.map(({ path }) => path)).toContain('body byte 2')
    expect(requestKey(text('abc'))).not.toBe(requestKey(text('abd')))
  })
})

describe('what is volatile', () => {
  it.each(volatileFields)('$of: $name is $as, because: $reason', ({ name, of, at, as }) => {
    const clean = (json: JsonObject) => withoutVolatile(of)(json)
    expect(clean({ kept: 1, [name]: 'one' })).toEqual(clean({ kept: 1, [name]: 'other' }))
    const inside = [{ list: [{ [name]: 'one' }] }, { list: [{ [name]: 'other' }] }].map((json) => clean(json))
    if (at === 'anywhere') expect(inside[0]).toEqual(inside[1])
    else expect(inside[0]).not.toEqual(inside[1])
    const both = clean({ [name]: 'one', list: [{ id: 'one' }, { id: 'two' }] })
    if (as === 'renamed') expect(both).toHaveProperty(name, 'id 1')
    else expect(both).not.toHaveProperty(name)
  })

  it('is nothing that a user named so', () => {
    const request = withoutVolatile('request')
    const schema = { type: 'object', properties: { id: { type: 'string' }, signature: { type: 'string' } } }
    const tools = [{ name: 'T', input_schema: schema, parameters: schema }]
    expect(request({ tools })).toEqual({ tools })
    const used = { content: [{ type: 'tool_use', name: 'T', input: { id: 'mine', created: 1 } }] }
    expect(request({ messages: [used] })).toEqual({ messages: [used] })
    const called = { candidates: [{ functionCall: { name: 'T', args: { id: 'mine' } } }] }
    expect(withoutVolatile('answer')(called)).toEqual(called)
  })
})
