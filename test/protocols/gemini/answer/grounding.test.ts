import { describe, expect, it } from 'vitest'
import type { AnswerPart } from '../../../../src/core/answer.ts'
import type { Citation } from '../../../../src/core/call.ts'
import { choice, encode } from './a-whole-answer.ts'

describe('citations', () => {
  const cited = (citation: Partial<Citation>): Citation => ({
    ...{ url: null, title: null, quote: null, start: null, end: null },
    ...citation,
  })
  const a = { url: 'https://a.com/', title: 'A' }

  it('are grounding, each source once, their places in bytes of the whole text', () => {
    const parts: AnswerPart[] = [
      { type: 'text', text: 'Grün', citations: [cited({ ...a, start: 0, end: 4 })] },
      {
        type: 'text',
        text: ' ist es.',
        citations: [cited({ ...a, start: 5, end: 8 }), cited({ url: 'https://b.com/' })],
      },
    ]
    const { candidates, losses } = encode([choice(parts)])
    expect(candidates[0]?.groundingMetadata).toEqual({
      groundingChunks: [{ web: { uri: 'https://a.com/', title: 'A' } }, { web: { uri: 'https://b.com/' } }],
      groundingSupports: [
        { segment: { startIndex: 0, endIndex: 5, text: 'Grün' }, groundingChunkIndices: [0] },
        { segment: { startIndex: 6, endIndex: 9, text: 'ist' }, groundingChunkIndices: [0] },
      ],
    })
    expect(losses).toEqual([])
  })

  it('of documents are what was retrieved, those of nothing are lost', () => {
    const citations = [
      cited({ title: 'Doc', quote: 'words' }),
      cited({ start: 0, end: 1 }),
      cited({ ...a, end: 99 }),
    ]
    const { candidates, losses } = encode([choice([{ type: 'text', text: 'a', citations }])])
    expect(candidates[0]?.groundingMetadata).toEqual({
      groundingChunks: [
        { retrievedContext: { title: 'Doc', text: 'words' } },
        { web: { uri: 'https://a.com/', title: 'A' } },
      ],
      groundingSupports: [],
    })
    expect(losses).toEqual(['answer_citation'])
  })
})
