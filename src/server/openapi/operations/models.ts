import type { Operation } from '../operation.ts'
import { model, modelList } from '../schemas/models.ts'

const openai = { id: 'openai:gpt-4o', object: 'model', created: 0, owned_by: 'openai' }
const gemini = {
  ...{ name: 'models/gemini-2.5-pro', baseModelId: 'gemini-2.5-pro', version: '' },
  displayName: 'gemini-2.5-pro',
  supportedGenerationMethods: ['generateContent', 'streamGenerateContent', 'countTokens'],
}

/** Both under `/v1` and, in Gemini's shape, under `/v1beta`. */
function under(prefix: string, suffix: string, one: object, list: object): readonly Operation[] {
  return [
    {
      ...{ method: 'get', path: `${prefix}/models`, id: `listModels${suffix}`, tag: 'models' },
      summary: 'The models that the caller may use, in the shape of its client’s family',
      answers: { 200: { description: 'All of them', schema: modelList, example: list } },
      errors: ['internal'],
    },
    {
      ...{ method: 'get', path: `${prefix}/models/{id}`, id: `getModel${suffix}`, tag: 'models' },
      summary: 'One model',
      pathParameters: { id: 'Its name; it may have slashes' },
      answers: { 200: { description: 'It is there', schema: model, example: one } },
      errors: ['unknown_model', 'internal'],
    },
  ]
}

export const modelOperations: readonly Operation[] = [
  ...under('/v1', '', openai, { object: 'list', data: [openai] }),
  ...under('/v1beta', 'Beta', gemini, { models: [gemini] }),
]
