import { expect, test } from 'vitest'
import type { ReasoningWish } from '../../../../src/core/call.ts'
import { encoded, lossesOf } from './a-call.ts'

const nothing: ReasoningWish = { effort: null, budgetTokens: null, adaptive: false, visible: null }
const shown = { includeThoughts: true }
const hidden = { includeThoughts: false }

test.each<[string, Partial<ReasoningWish>, object | undefined, string[]]>([
  // Up to 2.0 they do not think.
  ['gemini-2.0-flash', { effort: 'high' }, undefined, ['reasoning']],
  ['gemini-2.0-flash', { effort: 'none' }, undefined, []],
  // 2.5 thinks in tokens, each within its own bounds.
  ['gemini-2.5-flash', {}, shown, []],
  ['gemini-2.5-flash', { visible: false }, hidden, []],
  ['gemini-2.5-flash', { effort: 'medium' }, { ...shown, thinkingBudget: 8192 }, []],
  ['gemini-2.5-flash', { effort: 'max' }, { ...shown, thinkingBudget: 24_576 }, []],
  ['gemini-2.5-flash', { effort: 'none' }, { ...hidden, thinkingBudget: 0 }, []],
  ['gemini-2.5-flash', { budgetTokens: 0, visible: true }, { ...hidden, thinkingBudget: 0 }, []],
  ['gemini-2.5-flash', { adaptive: true, effort: 'high' }, { ...shown, thinkingBudget: -1 }, []],
  ['gemini-2.5-flash-lite', { budgetTokens: 100 }, { ...shown, thinkingBudget: 512 }, []],
  ['gemini-2.5-pro', { budgetTokens: 31_999 }, { ...shown, thinkingBudget: 31_999 }, []],
  ['gemini-2.5-pro', { budgetTokens: 63_999 }, { ...shown, thinkingBudget: 32_768 }, []],
  ['gemini-2.5-pro', { effort: 'none' }, { ...hidden, thinkingBudget: 128 }, ['reasoning']],
  // 3 thinks by level, and always.
  ['gemini-3-flash-preview', { effort: 'minimal' }, { ...shown, thinkingLevel: 'MINIMAL' }, []],
  ['gemini-3-flash-preview', { effort: 'xhigh' }, { ...shown, thinkingLevel: 'HIGH' }, []],
  ['gemini-3-flash-preview', { budgetTokens: 8192 }, { ...shown, thinkingLevel: 'MEDIUM' }, []],
  ['gemini-3-flash-preview', { adaptive: true }, shown, []],
  ['gemini-3-flash-preview', { adaptive: true, effort: 'low' }, { ...shown, thinkingLevel: 'LOW' }, []],
  ['gemini-3-flash-preview', { effort: 'none' }, { ...hidden, thinkingLevel: 'MINIMAL' }, ['reasoning']],
  ['gemini-3-pro-preview', { budgetTokens: 0 }, { ...hidden, thinkingLevel: 'LOW' }, ['reasoning']],
  // A name that nobody knows is given what the API has words for.
  ['gemini-flash-latest', { effort: 'max' }, { ...shown, thinkingLevel: 'HIGH' }, []],
])('%s asked for %j', (model, wish, thinkingConfig, losses) => {
  const request = encoded({ reasoning: { ...nothing, ...wish } }, model)
  expect(request.body.generationConfig).toEqual(thinkingConfig && { thinkingConfig })
  expect(lossesOf(request)).toEqual(losses)
})
