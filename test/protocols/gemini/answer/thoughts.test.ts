import { describe, expect, it } from 'vitest'
import type { AnswerPart } from '../../../../src/core/answer.ts'
import type { ReasoningState } from '../../../../src/core/call.ts'
import type { JsonObject } from '../../../../src/core/json.ts'
import { unsealed } from '../../../../src/protocols/translation/reasoning-state.ts'
import { partsOf, text } from './a-whole-answer.ts'
import { aboutFor } from './an-answer.ts'

describe('thoughts', () => {
  const state = (kind: ReasoningState['kind'], data: string): ReasoningState => ({
    ...{ protocol: 'anthropic-messages', model: 'backend-model', kind, data },
  })
  const signature = state('signature', 'Er8B')
  const redacted = state('redacted', 'EmwK')
  const call: AnswerPart = { type: 'tool_call', id: 'c', name: 'f', arguments: '{}' }
  /** The parts with what their signatures are worth. */
  const opened = (parts: readonly JsonObject[]) =>
    parts.map(({ thoughtSignature, ...part }) => [
      part,
      unsealed(String(thoughtSignature))?.data ?? thoughtSignature,
    ])

  it('are shown to those who asked, what proves them on them', () => {
    const { parts, losses } = partsOf([
      { type: 'reasoning', text: 'hm', state: signature },
      { type: 'reasoning', text: 'bare' },
      text('Hi'),
    ])
    expect(opened(parts)).toEqual([
      [{ text: 'hm', thought: true }, 'Er8B'],
      [{ text: 'bare', thought: true }, undefined],
      [{ text: 'Hi' }, undefined],
    ])
    expect(unsealed(String(parts[0]?.thoughtSignature))).toEqual(signature)
    expect(losses).toEqual([])
  })

  it.each([null, false])('are not shown to others (%j), but what the model wants back is said', (visible) => {
    const reasoning = visible === null ? null : { effort: null, budgetTokens: 0, adaptive: false, visible }
    const { parts, losses } = partsOf(
      [{ type: 'reasoning', text: 'hm', state: signature }, text('Hi')],
      aboutFor({ reasoning }),
    )
    expect(opened(parts)).toEqual([[{ text: 'Hi' }, 'Er8B']])
    expect(losses).toEqual(['answer_thoughts'])
  })

  it('that need no words ride on the call or text behind them, where Gemini CLI keeps them', () => {
    const encrypted: ReasoningState = {
      ...redacted,
      protocol: 'openai-responses',
      kind: 'encrypted',
      data: 'gAAA',
    }
    const { parts } = partsOf([
      { type: 'reasoning', text: 'Plan', state: encrypted },
      call,
      { type: 'reasoning', text: '', state: redacted },
      text('Hi'),
    ])
    expect(opened(parts)).toEqual([
      [{ text: 'Plan', thought: true }, undefined],
      [{ functionCall: { id: 'c', name: 'f', args: {} } }, 'gAAA'],
      [{ text: 'Hi' }, 'EmwK'],
    ])
  })

  it('keep their order: one alone is before another, before a thought, and at the end', () => {
    const alone: AnswerPart = { type: 'reasoning', text: '', state: redacted }
    const { parts } = partsOf([alone, alone, { type: 'reasoning', text: 'hm', state: signature }, alone])
    expect(opened(parts)).toEqual([
      [{ text: '' }, 'EmwK'],
      [{ text: '' }, 'EmwK'],
      [{ text: 'hm', thought: true }, 'Er8B'],
      [{ text: '' }, 'EmwK'],
    ])
  })

  it('of Gemini itself, from an OpenAI-like door of its own, stay where they are', () => {
    const native: ReasoningState = {
      ...signature,
      protocol: 'gemini',
      kind: 'thought_signature',
      data: 'c2ln',
    }
    const { parts } = partsOf([
      { type: 'text', text: 'Hi', state: native },
      { type: 'tool_call', id: 'c', name: 'f', arguments: '{}', state: native },
      { type: 'reasoning', text: '', state: redacted },
      { type: 'reasoning', text: '', state: native },
      text('yo'),
    ])
    expect(opened(parts)).toEqual([
      [{ text: 'Hi' }, 'c2ln'],
      [{ functionCall: { id: 'c', name: 'f', args: {} } }, 'c2ln'],
      [{ text: '' }, 'EmwK'],
      [{ text: '' }, 'c2ln'],
      [{ text: 'yo' }, undefined],
    ])
  })
})
