import { describe, expect, it } from 'vitest'
import { readMessageUsage } from '../../../src/protocols/anthropic-messages/usage.ts'

describe('usage of an answer before which the provider shortened the conversation', () => {
  const message = { type: 'message', input_tokens: 23_000, output_tokens: 1_000 }

  it('has what the shortening used, which no other count includes', () => {
    const usage = readMessageUsage({
      ...{ input_tokens: 23_000, output_tokens: 1_000, cache_read_input_tokens: 0 },
      iterations: [
        {
          ...{ type: 'compaction', input_tokens: 100, output_tokens: 3_500 },
          ...{ cache_read_input_tokens: 150_000, cache_creation_input_tokens: 30_000 },
          cache_creation: { ephemeral_5m_input_tokens: 10_000, ephemeral_1h_input_tokens: 20_000 },
        },
        message,
      ],
    })
    expect(usage).toEqual({
      promptTokens: 203_100,
      completionTokens: 4_500,
      totalTokens: 207_600,
      cachedTokens: 150_000,
      cacheWriteTokens: 30_000,
      cacheWrite1hTokens: 20_000,
    })
  })

  it('has nothing of another model that gave advice: its tokens have another price', () => {
    const advice = { type: 'advisor_message', model: 'other', input_tokens: 9_000, output_tokens: 800 }
    const counts = { input_tokens: 23_000, output_tokens: 1_000 }
    expect(readMessageUsage({ ...counts, iterations: [message, advice] })).toEqual(readMessageUsage(counts))
  })
})
