import { describe, expect, it, test } from 'vitest'
import type { Call } from '../../../../src/core/call.ts'
import { gemini } from '../../../../src/protocols/gemini/index.ts'
import { encoded, lossesOf } from './a-call.ts'

const contents = [{ role: 'user', parts: [{ text: 'hi' }] }]
const nothing = { toolNames: {}, wrappedTools: [], answerTool: null }

test('a question is no more than that: the model and whether to stream are in the path', () => {
  expect(encoded({ stream: true })).toEqual({ body: { contents }, lost: [], edits: nothing })
  expect(gemini.generation('gemini-2.5-flash', true)).toEqual({
    path: '/v1beta/models/gemini-2.5-flash:streamGenerateContent',
    query: '?alt=sse',
  })
  expect(gemini.generation('gemini-2.5-flash', false).query).toBe('')
})

test('everything that can be asked for', () => {
  const { body, lost } = encoded({
    messages: [
      { role: 'system', parts: [{ type: 'text', text: 'Be brief.' }] },
      { role: 'system', parts: [{ type: 'text', text: 'Be kind.' }] },
      { role: 'user', parts: [{ type: 'text', text: 'hi' }] },
    ],
    ...{ temperature: 0, topP: 0.9, topK: 40, maxOutputTokens: 100, stop: ['END'], choices: 2, seed: 7 },
    ...{ frequencyPenalty: 0.1, presencePenalty: 0.2, logprobs: { top: 3 }, output: { type: 'json' } },
    reasoning: { effort: null, budgetTokens: 8192, adaptive: false, visible: true },
  })
  expect(lost).toEqual([])
  expect(body).toEqual({
    systemInstruction: { parts: [{ text: 'Be brief.' }, { text: 'Be kind.' }] },
    contents,
    generationConfig: {
      ...{ temperature: 0, topP: 0.9, topK: 40, maxOutputTokens: 100, stopSequences: ['END'] },
      ...{ candidateCount: 2, seed: 7, frequencyPenalty: 0.1, presencePenalty: 0.2 },
      ...{ responseLogprobs: true, logprobs: 3, responseMimeType: 'application/json' },
      thinkingConfig: { includeThoughts: true, thinkingBudget: 8192 },
    },
  })
})

test.each<[Partial<Call>, string[]]>([
  [{ userId: 'u' }, ['user']],
  [{ metadata: { a: 'b' } }, ['metadata']],
  [{ metadata: {} }, []],
  [{ serviceTier: 'flex' }, ['service_tier']],
  [{ serviceTier: 'auto' }, []],
  [{ store: true }, ['store']],
  [{ store: false }, []],
  [{ promptCacheKey: 'k' }, ['prompt_cache_key']],
  [{ verbosity: 'low' }, ['verbosity']],
  [{ previousResponseId: 'resp_1' }, ['previous_response_id']],
  [{ stop: ['1', '2', '3', '4', '5', '6'] }, ['stop_sequences_beyond']],
  [{ special: [{ loss: 'logit_bias', param: 'logit_bias' }] }, ['logit_bias']],
])('what it cannot say is named: %j', (wishes, losses) => {
  const request = encoded(wishes)
  expect(lossesOf(request)).toEqual(losses)
  expect(Object.keys(request.body).filter((key) => key !== 'generationConfig')).toEqual(['contents'])
})

test('of log probabilities none beside the chosen one', () => {
  expect(encoded({ logprobs: { top: 0 } }).body.generationConfig).toEqual({ responseLogprobs: true })
})

test.each([
  ['gemini-2.0-flash', 8192],
  ['gemini-2.5-pro', 65_536],
  ['gemini-3-pro-preview', 65_536],
  ['gemini-flash-latest', 128_000],
])('%s is not asked for more than it can say', (model, maxOutputTokens) => {
  expect(encoded({ maxOutputTokens: 128_000 }, model).body.generationConfig).toEqual({ maxOutputTokens })
})

describe('a form for the answer', () => {
  const schema = { type: 'object', properties: { a: { type: 'string' } }, additionalProperties: false }
  const output = { type: 'json_schema', name: 'x', description: null, schema, strict: true } as const
  const tools: Call['tools'] = [
    { type: 'function', name: 'f', description: null, parameters: null, strict: null },
  ]

  it('goes with its schema untouched', () => {
    const { body, lost } = encoded({ output })
    expect(lost).toEqual([])
    expect(body.generationConfig).toEqual({
      responseMimeType: 'application/json',
      responseJsonSchema: schema,
    })
    expect(encoded({ output: { ...output, description: 'd' } }).body.generationConfig).toEqual({
      responseMimeType: 'application/json',
      responseJsonSchema: { ...schema, description: 'd' },
    })
  })

  it('is asked for in words where the model takes none beside tools', () => {
    const request = encoded({ output, tools })
    expect(lossesOf(request)).toEqual(['json_schema'])
    expect(request.body.generationConfig).toBeUndefined()
    expect(JSON.stringify(request.body.systemInstruction)).toContain(
      JSON.stringify(JSON.stringify(schema)).slice(1, -1),
    )
    const anyJson = encoded({ output: { type: 'json' }, tools })
    expect(lossesOf(anyJson)).toEqual(['json_mode'])
    expect(JSON.stringify(anyJson.body.systemInstruction)).toContain('Answer with one JSON object')
  })

  it.each(['gemini-3-pro-preview', 'gemini-flash-latest'])('stands beside tools at %s', (model) => {
    const request = encoded({ output, tools }, model)
    expect(request.lost).toEqual([])
    expect(request.body).toMatchObject({ generationConfig: { responseJsonSchema: schema } })
    expect(request.body.systemInstruction).toBeUndefined()
  })
})
