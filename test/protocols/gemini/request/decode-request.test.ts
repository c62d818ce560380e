import { describe, expect, it, test } from 'vitest'
import { ProxyError } from '../../../../src/core/errors.ts'
import type { JsonObject } from '../../../../src/core/json.ts'
import { gemini } from '../../../../src/protocols/gemini/index.ts'
import { callWith, decoded, hi } from './a-call.ts'

const said = callWith({ model: 'm' })

test('the model and whether to stream come from the path', () => {
  const body = { contents: 'hi', model: 'models/other' }
  expect(gemini.decodeRequest(body, { model: 'gemini-2.5-pro', stream: true })).toEqual({
    ...said,
    ...{ model: 'gemini-2.5-pro', stream: true },
  })
})

const camelCase: JsonObject = {
  systemInstruction: { parts: [{ text: 'Be brief.' }] },
  generationConfig: {
    ...{ temperature: 0.5, topP: 0.9, topK: 40, maxOutputTokens: 100, stopSequences: ['END'] },
    ...{ candidateCount: 2, seed: 7, frequencyPenalty: 0.1, presencePenalty: 0.2 },
    ...{ responseLogprobs: true, logprobs: 3, responseMimeType: 'application/json' },
    thinkingConfig: { includeThoughts: true, thinkingBudget: 8192 },
  },
  labels: { team: 'a' },
  serviceTier: 'flex',
  store: true,
}
const snakeCase: JsonObject = {
  system_instruction: { parts: [{ text: 'Be brief.' }] },
  generation_config: {
    ...{ temperature: 0.5, top_p: 0.9, top_k: 40, max_output_tokens: 100, stop_sequences: ['END'] },
    ...{ candidate_count: 2, seed: 7, frequency_penalty: 0.1, presence_penalty: 0.2 },
    ...{ response_logprobs: true, logprobs: 3, response_mime_type: 'application/json' },
    thinking_config: { include_thoughts: true, thinking_budget: 8192 },
  },
  labels: { team: 'a' },
  service_tier: 'flex',
  store: true,
}

test.each([
  ['camelCase', camelCase],
  ['snake_case', snakeCase],
])('everything that can be asked for, in %s', (_spelling, body) => {
  expect(decoded(body)).toEqual({
    ...said,
    messages: [{ role: 'system', parts: [{ type: 'text', text: 'Be brief.' }] }, hi],
    ...{ temperature: 0.5, topP: 0.9, topK: 40, maxOutputTokens: 100, stop: ['END'], choices: 2, seed: 7 },
    ...{ frequencyPenalty: 0.1, presencePenalty: 0.2, logprobs: { top: 3 }, output: { type: 'json' } },
    reasoning: { effort: null, budgetTokens: 8192, adaptive: false, visible: true },
    ...{ metadata: { team: 'a' }, serviceTier: 'flex', store: true },
  })
})

describe('thinking', () => {
  const wish = { effort: null, budgetTokens: null, adaptive: false, visible: false }
  it.each([
    [{ thinkingBudget: 0 }, { ...wish, budgetTokens: 0 }],
    [{ thinkingBudget: -1 }, { ...wish, adaptive: true }],
    [
      { thinkingLevel: 'HIGH', includeThoughts: true },
      { ...wish, effort: 'high', visible: true },
    ],
    [{ thinking_level: 'minimal' }, { ...wish, effort: 'minimal' }],
    [{ thinkingLevel: 'THINKING_LEVEL_UNSPECIFIED' }, wish],
  ])('%j', (thinkingConfig, expected) => {
    expect(decoded({ generationConfig: { thinkingConfig } }).reasoning).toEqual(expected)
  })

  it('is not shown unless it is asked for, and no wish where nothing is said', () => {
    expect(decoded({ generationConfig: { thinkingConfig: {} } }).reasoning).toEqual(wish)
    expect(decoded({ generationConfig: {} }).reasoning).toBeNull()
  })
})

describe('the form of the answer', () => {
  const schema = { type: 'object', properties: { a: { type: 'string' } }, additionalProperties: false }
  const asSchema = { type: 'json_schema', name: null, description: null, schema, strict: null }
  const subset = { type: 'OBJECT', properties: { a: { type: 'STRING' } }, additionalProperties: false }
  const json = { responseMimeType: 'application/json' }

  it.each([
    [{ ...json, responseJsonSchema: schema }, asSchema],
    [{ ...json, responseSchema: subset }, asSchema],
    [{ response_schema: subset }, asSchema],
    [json, { type: 'json' }],
    [{ responseMimeType: 'text/plain' }, null],
  ])('%j', (generationConfig, output) => {
    expect(decoded({ generationConfig })).toEqual({ ...said, output })
  })

  it('that is one word of a list has no other protocol', () => {
    const generationConfig = {
      responseMimeType: 'text/x.enum',
      responseSchema: { type: 'STRING', enum: ['a', 'b'] },
    }
    expect(decoded({ generationConfig })).toEqual({
      ...said,
      special: [{ loss: 'other_output', param: 'generationConfig.responseMimeType' }],
    })
  })
})

test.each<[JsonObject, [loss: string, param: string][]]>([
  [{ safetySettings: [{ category: 'C', threshold: 'OFF' }] }, [['safety_settings', 'safetySettings']]],
  [{ modelArmorConfig: { promptTemplateName: 't' } }, [['safety_settings', 'modelArmorConfig']]],
  [{ cached_content: 'cachedContents/x' }, [['stored_state', 'cachedContent']]],
  [{ somethingNew: { a: 1 } }, [['other_parameters', 'somethingNew']]],
  [{ somethingNew: null, safetySettings: [] }, []],
  [
    { generationConfig: { responseModalities: ['TEXT', 'IMAGE'], imageConfig: { aspectRatio: '1:1' } } },
    [
      ['image_output', 'generationConfig.imageConfig'],
      ['image_output', 'generationConfig.responseModalities'],
    ],
  ],
  [
    { generationConfig: { responseModalities: ['audio'], speechConfig: { languageCode: 'de' } } },
    [
      ['audio_output', 'generationConfig.speechConfig'],
      ['audio_output', 'generationConfig.responseModalities'],
    ],
  ],
  [{ generationConfig: { responseModalities: ['TEXT'] } }, []],
  [
    { generationConfig: { enable_enhanced_civic_answers: true } },
    [['other_parameters', 'generationConfig.enableEnhancedCivicAnswers']],
  ],
])('what no other protocol has: %j', (body, special) => {
  const expected = special.map(([loss, param]) => ({ loss, param }))
  expect(decoded(body)).toEqual({ ...said, special: expected })
})

test('a conversation of nothing is the provider’s to refuse', () => {
  expect(decoded({ contents: [] }).messages).toEqual([])
})

test.each<[JsonObject, string]>([
  [{ contents: undefined }, 'contents'],
  [{ contents: null }, 'contents'],
  [{ contents: '' }, 'contents'],
  [{ contents: 7 }, 'contents'],
  [{ contents: ['hi'] }, 'contents[0]'],
  [{ contents: [{ parts: [7] }] }, 'contents[0].parts[0]'],
  [{ contents: [{ parts: 7 }] }, 'contents[0].parts'],
  [{ contents: [{ parts: [{ inlineData: {} }] }] }, 'contents[0].parts[0].inlineData.data'],
  [{ contents: [{ parts: [{ fileData: {} }] }] }, 'contents[0].parts[0].fileData.fileUri'],
  [
    { contents: [{ role: 'model', parts: [{ functionCall: { args: {} } }] }] },
    'contents[0].parts[0].functionCall.name',
  ],
  [
    { contents: [{ role: 'model', parts: [{ functionCall: { name: 'f', args: [1] } }] }] },
    'contents[0].parts[0].functionCall.args',
  ],
  [{ tools: [7] }, 'tools[0]'],
  [{ tools: [{ functionDeclarations: [{}] }] }, 'tools[0].functionDeclarations[0].name'],
])('what cannot be understood is refused with its place: %j', (body, param) => {
  const decode = () => decoded(body)
  expect(decode).toThrow(ProxyError)
  expect(decode).toThrow(expect.objectContaining({ code: 'bad_request', param }))
})
