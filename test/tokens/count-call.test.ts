import { afterAll, describe, expect, it } from 'vitest'
import { countCall } from '../../src/tokens/count-call.ts'
import { createTokenCounter, type TokenCounter } from '../../src/tokens/token-counter.ts'
import { bareCall } from './bare-call.ts'

const counter = createTokenCounter()
afterAll(() => counter.close())

const call = bareCall({
  messages: [
    { role: 'system', parts: [{ type: 'text', text: 'antidisestablishmentarianism' }] },
    { role: 'user', parts: [{ type: 'text', text: '2 + 2 = 4' }] },
  ],
})

describe('countCall', () => {
  it('adds the texts of system prompt and messages to what frames them', async () => {
    // 6 and 7 tokens of text, 3 for each message, 3 for the answer's beginning.
    expect(await countCall(counter, call)).toBe(22)
  })

  it('counts tools', async () => {
    const tool = { type: 'function', name: 'f', description: null, parameters: null, strict: null } as const
    const withTool = await countCall(counter, { ...call, tools: [tool] })
    expect(withTool).toBeGreaterThan(22)
  })

  it('is null when nobody counts', async () => {
    const busy: Pick<TokenCounter, 'count'> = { count: async () => null }
    expect(await countCall(busy, call)).toBeNull()
  })
})
