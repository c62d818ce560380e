import { expect, test } from 'vitest'
import type { AssistantPart, Call, Message, ReasoningWish, UserPart } from '../../../../src/core/call.ts'
import type { EncodedRequest } from '../../../../src/core/protocol.ts'
import { encoded, lostOf } from './a-call.ts'

const wish = (rest: Partial<ReasoningWish>): ReasoningWish => ({
  effort: null,
  budgetTokens: null,
  adaptive: false,
  visible: null,
  ...rest,
})
function asked(reasoning: ReasoningWish, model: string, rest: Partial<Call> = {}): EncodedRequest {
  return encoded({ reasoning, maxOutputTokens: 20_000, ...rest }, model)
}
const thinkingOf = ({ body }: EncodedRequest) => ({
  ...(body.thinking !== undefined && { thinking: body.thinking }),
  ...(body.output_config !== undefined && { output_config: body.output_config }),
})

const adaptive = (effort: string) => ({ thinking: { type: 'adaptive' }, output_config: { effort } })
const budget = (tokens: number) => ({ thinking: { type: 'enabled', budget_tokens: tokens } })

test.each<[string, ReasoningWish, object]>([
  ['claude-sonnet-4-5', wish({ effort: 'medium' }), budget(8192)],
  ['claude-sonnet-4-5', wish({ effort: 'minimal' }), budget(1024)],
  ['claude-sonnet-4-5', wish({ budgetTokens: 3000 }), budget(3000)],
  ['claude-sonnet-4-5', wish({ budgetTokens: 500 }), budget(1024)],
  ['claude-sonnet-4-5', wish({ adaptive: true }), budget(8192)],
  ['claude-sonnet-4-5', wish({ visible: true }), budget(8192)],
  ['claude-sonnet-4-5', wish({ visible: false }), {}],
  ['claude-sonnet-4-5', wish({ effort: 'none' }), {}],
  ['claude-opus-4-8', wish({ effort: 'high' }), adaptive('high')],
  ['claude-opus-4-8', wish({ effort: 'minimal' }), adaptive('low')],
  ['claude-opus-4-8', wish({ budgetTokens: 24_000 }), adaptive('high')],
  ['claude-opus-4-8', wish({ adaptive: true }), { thinking: { type: 'adaptive' } }],
  ['claude-opus-4-8', wish({ visible: true }), { thinking: { type: 'adaptive', display: 'summarized' } }],
  ['claude-opus-4-8', wish({ effort: 'none' }), {}],
  ['claude-opus-5', wish({ effort: 'none' }), { thinking: { type: 'disabled' } }],
  ['claude-sonnet-5-5', wish({ budgetTokens: 0 }), { thinking: { type: 'between_tools' } }],
  ['kimi-k2-thinking', wish({ effort: 'low' }), budget(1024)],
  ['kimi-k2-thinking', wish({ adaptive: true, effort: 'none' }), { thinking: { type: 'disabled' } }],
  ['kimi-k2-thinking', wish({ adaptive: true, effort: 'high' }), adaptive('high')],
])('%s, %j', (model, reasoning, expected) => {
  const result = asked(reasoning, model)
  expect(thinkingOf(result)).toEqual(expected)
  expect(result.lost).toEqual([])
})

test('thoughts that nobody wants to read are not sent', () => {
  const hidden = wish({ effort: 'medium', visible: false })
  expect(asked(hidden, 'claude-sonnet-4-5').body.thinking).toMatchObject({ display: 'omitted' })
  expect(asked(hidden, 'claude-opus-4-8').body.thinking).toEqual({ type: 'adaptive', display: 'omitted' })
})

test.each<[number, ReasoningWish, number]>([
  [32_000, wish({ budgetTokens: 31_999 }), 31_999],
  [20_000, wish({ effort: 'high' }), 15_904],
  [4000, wish({ effort: 'high' }), 2000],
  [1500, wish({ effort: 'high' }), 1024],
])('a limit of %i tokens leaves room for the answer', (maxOutputTokens, reasoning, tokens) => {
  const result = asked(reasoning, 'claude-sonnet-4-5', { maxOutputTokens })
  expect(thinkingOf(result)).toEqual(budget(tokens))
})

test('a limit that no budget fits into, and models that do not think, lose the wish', () => {
  for (const [model, maxOutputTokens] of [
    ['claude-sonnet-4-5', 1024],
    ['claude-3-5-haiku-latest', 8000],
  ] as const) {
    const result = asked(wish({ effort: 'high' }), model, { maxOutputTokens })
    expect(thinkingOf(result)).toEqual({})
    expect(lostOf(result)).toEqual(['reasoning'])
  }
})

test('a model that always thinks is asked to do it little', () => {
  const result = asked(wish({ effort: 'none' }), 'claude-opus-5-5')
  expect(thinkingOf(result)).toEqual({ output_config: { effort: 'low' } })
  expect(lostOf(result)).toEqual(['reasoning'])
})

const tool = { type: 'function', name: 'f', description: null, parameters: null, strict: null } as const

test('a forced tool and a budget do not go together', () => {
  const forced = { tools: [tool], toolChoice: { type: 'required' } } as const
  const result = asked(wish({ effort: 'medium' }), 'claude-sonnet-4-5', { ...forced, tools: [tool] })
  expect(result.body).toMatchObject({ tool_choice: { type: 'any' } })
  expect(thinkingOf(result)).toEqual({})
  expect(lostOf(result)).toEqual(['reasoning'])
})

test('the adaptive form goes with a forced tool', () => {
  const forced = { toolChoice: { type: 'required' } } as const
  const result = asked(wish({ effort: 'medium' }), 'claude-opus-4-8', { ...forced, tools: [tool] })
  expect(thinkingOf(result)).toEqual(adaptive('medium'))
  expect(result.lost).toEqual([])
})

const says: Message = { role: 'user', parts: [{ type: 'text', text: 'go' }] }
const call = (id: string): AssistantPart => ({ type: 'tool_call', id, name: 'f', arguments: '{}' })
const thought: AssistantPart = {
  type: 'reasoning',
  text: 'hm',
  state: { protocol: 'anthropic-messages', model: null, kind: 'signature', data: 'EuYB' },
}
const done = (callId: string): Message => ({
  role: 'user',
  parts: [{ type: 'tool_result', callId, content: [{ type: 'text', text: 'ok' }], isError: false }],
})
const model = (...parts: AssistantPart[]): Message => ({ role: 'assistant', parts })

test.each<[string, Message[], boolean]>([
  ['with its thoughts', [says, model(thought, call('a')), done('a')], true],
  ['without', [says, model(call('a')), done('a')], false],
  [
    'whose first message has them',
    [says, model(thought, call('a')), done('a'), model(call('b')), done('b')],
    true,
  ],
  [
    'whose thoughts belong to an earlier turn',
    [says, model(thought, call('a')), done('a'), model(thought), says, model(call('b')), done('b')],
    false,
  ],
  ['that is over', [says, model(call('a')), done('a'), model({ type: 'text', text: 'ok' }), says], true],
])('a turn of tool calls %s', (_what, messages, thinks) => {
  const result = asked(wish({ effort: 'medium' }), 'claude-sonnet-4-5', { messages })
  expect(thinkingOf(result)).toEqual(thinks ? budget(8192) : {})
  expect(lostOf(result)).toEqual(thinks ? [] : ['reasoning'])
})

test('the adaptive form does not ask for the thoughts of a turn of tool calls', () => {
  const messages = [says, model(call('a')), done('a')]
  expect(thinkingOf(asked(wish({ effort: 'medium' }), 'claude-opus-4-8', { messages }))).toEqual(
    adaptive('medium'),
  )
})

test('an answer that has begun and thinking do not go together: the user asks for the rest', () => {
  const begun: UserPart = { type: 'text', text: 'It is' }
  const result = asked(wish({ effort: 'medium' }), 'claude-sonnet-4-5', {
    messages: [says, { role: 'assistant', parts: [begun] }],
  })
  expect((result.body.messages as object[]).at(-1)).toMatchObject({ role: 'user' })
  expect(lostOf(result)).toEqual(['prefill'])
})
