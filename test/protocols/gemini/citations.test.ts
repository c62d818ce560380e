import { expect, test } from 'vitest'
import { parts, stream } from './a-stream.ts'

test('what is cited, counted in bytes by Gemini and in UTF-16 here, each source once', () => {
  const grounding = {
    groundingChunks: [{ web: { uri: 'https://a.com/', title: 'a' } }, { web: { uri: 'https://b.com/' } }],
    groundingSupports: [{ segment: { startIndex: 3, endIndex: 6 }, groundingChunkIndices: [0] }],
  }
  const { events } = stream(
    parts([{ text: 'ü ab' }], { groundingMetadata: grounding }),
    parts([{ text: 'cd' }], { groundingMetadata: grounding, finishReason: 'STOP' }),
  )
  const citation = (url: string, title: string | null, start: number | null, end: number | null) => ({
    type: 'citation',
    citation: { url, title, quote: null, start, end },
  })
  expect(events).toEqual([
    { type: 'text', text: 'ü ab' },
    citation('https://a.com/', 'a', 2, 4),
    citation('https://b.com/', null, null, null),
    { type: 'server_tool', kind: 'web_search', text: '' },
    { type: 'text', text: 'cd' },
    citation('https://a.com/', 'a', 2, 5),
    { type: 'end', reason: 'stop', raw: 'STOP' },
  ])
})

test('sources of all kinds, and what was looked at for them', () => {
  const { events } = stream(
    parts([{ text: 'ab' }], { groundingMetadata: {} }),
    parts([], {
      groundingMetadata: {
        groundingChunks: [
          { retrievedContext: { documentName: 'Doc', text: 'words', fileSearchStore: 's' } },
          { maps: { uri: 'https://maps.google.com/?cid=1', title: 'Café' } },
          { image: { sourceUri: 'https://a.com/i', title: 'I' } },
        ],
      },
      citationMetadata: { citations: [{ uri: 'https://b.com/', startIndex: 1, endIndex: 2 }] },
      urlContextMetadata: { urlMetadata: [{ retrievedUrl: 'https://a.com/' }] },
    }),
  )
  const citation = (url: string | null, title: string | null, quote: string | null, more: object = {}) => ({
    type: 'citation',
    citation: { url, title, quote, start: null, end: null, ...more },
  })
  expect(events).toEqual([
    { type: 'text', text: 'ab' },
    citation(null, 'Doc', 'words'),
    citation('https://maps.google.com/?cid=1', 'Café', null),
    citation('https://a.com/i', 'I', null),
    citation('https://b.com/', null, null, { start: 1, end: 2 }),
    { type: 'server_tool', kind: 'web_fetch', text: '' },
    { type: 'server_tool', kind: 'file_search', text: '' },
  ])
})
