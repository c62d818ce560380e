import { expect, it } from 'vitest'
import { matchGemini } from '../../../src/server/frontends/match-gemini.ts'

it.each([
  ['models/g:generateContent', '', { model: 'g', method: 'generateContent', stream: false, framing: 'sse' }],
  [
    'models/g:streamGenerateContent',
    '',
    { model: 'g', method: 'streamGenerateContent', stream: true, framing: 'json-array' },
  ],
  [
    'models/g:streamGenerateContent',
    '?alt=sse',
    { model: 'g', method: 'streamGenerateContent', stream: true, framing: 'sse' },
  ],
  [
    'models/g:streamGenerateContent',
    '?key=k&alt=json',
    { model: 'g', method: 'streamGenerateContent', stream: true, framing: 'json-array' },
  ],
  [
    'models/ollama:llama3:8b:generateContent',
    '',
    { model: 'ollama:llama3:8b', method: 'generateContent', stream: false, framing: 'sse' },
  ],
  [
    'models/a/b%3Ac%20d:countTokens',
    '',
    { model: 'a/b:c d', method: 'countTokens', stream: false, framing: 'sse' },
  ],
])('%s%s is read up to the last colon', (path, query, inPath) => {
  expect(matchGemini(path, query)?.inPath).toEqual(inPath)
})

it.each([
  'models/g',
  'models/:generateContent',
  'models/g:embedContent',
  'models/g:constructor',
  'tunedModels/g:generateContent',
  'models/g:generateContent/x',
])('%s is nothing that we read', (path) => {
  expect(matchGemini(path, '')).toBeUndefined()
})
