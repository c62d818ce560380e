import { expect, test } from 'vitest'
import type { ReasoningWish } from '../../../../src/core/call.ts'
import type { JsonObject } from '../../../../src/core/json.ts'
import { anthropicMessages } from '../../../../src/protocols/anthropic-messages/index.ts'

const decode = (body: JsonObject) =>
  anthropicMessages.decodeRequest({ model: 'gpt-5.1', messages: [], ...body }, { model: '', stream: false })
const wish = (rest: Partial<ReasoningWish>): ReasoningWish => ({
  effort: null,
  budgetTokens: null,
  adaptive: false,
  visible: null,
  ...rest,
})

test.each<[string, JsonObject, ReasoningWish | null]>([
  ['nothing', {}, null],
  [
    'a budget',
    { thinking: { type: 'enabled', budget_tokens: 31999 } },
    wish({ budgetTokens: 31999, visible: true }),
  ],
  [
    'a budget with thoughts that nobody reads',
    { thinking: { type: 'enabled', budget_tokens: 31999, display: 'omitted' } },
    wish({ budgetTokens: 31999, visible: false }),
  ],
  [
    'what Claude Code sends for names it does not know',
    { thinking: { type: 'adaptive' }, output_config: { effort: 'high' } },
    wish({ adaptive: true, effort: 'high' }),
  ],
  [
    'shown summaries',
    { thinking: { type: 'adaptive', display: 'summarized' } },
    wish({ adaptive: true, visible: true }),
  ],
  ['an effort alone', { output_config: { effort: 'max' } }, wish({ effort: 'max' })],
  ['off', { thinking: { type: 'disabled' } }, wish({ effort: 'none', budgetTokens: 0 })],
  ['between tools', { thinking: { type: 'between_tools' } }, wish({ adaptive: true })],
])('%s', (_what, body, expected) => {
  expect(decode(body).reasoning).toEqual(expected)
})

test('an effort beside thinking that is off, and what is new, are told', () => {
  const off = { thinking: { type: 'disabled' }, output_config: { effort: 'low', task_budget: 5 } }
  expect(decode(off).special).toEqual([
    { loss: 'other_parameters', param: 'output_config.task_budget' },
    { loss: 'reasoning', param: 'output_config.effort' },
  ])
  expect(decode({ thinking: { type: 'telepathic' } }).special).toEqual([
    { loss: 'other_parameters', param: 'thinking' },
  ])
})
