import * as z from 'zod'
import { count, maybeText, named, text, time, yes } from './words.ts'

const openaiModel = named(
  'OpenaiModel',
  z.strictObject({ id: text, object: z.literal('model'), created: count, owned_by: text }),
)
const anthropicModel = named(
  'AnthropicModel',
  z.strictObject({ type: z.literal('model'), id: text, display_name: text, created_at: time }),
)
const geminiModel = named(
  'GeminiModel',
  z.strictObject({
    ...{ name: text, baseModelId: text, version: text, displayName: text },
    supportedGenerationMethods: z.array(text),
  }),
)

/** In the shape of the client's family: OpenAI's, Anthropic's with `anthropic-version`, Gemini's under `/v1beta`. */
export const model = named('Model', z.union([openaiModel, anthropicModel, geminiModel]))

export const modelList = named(
  'ModelList',
  z.union([
    z.strictObject({ object: z.literal('list'), data: z.array(openaiModel) }),
    z.strictObject({
      data: z.array(anthropicModel),
      ...{ has_more: yes, first_id: maybeText, last_id: maybeText },
    }),
    z.strictObject({ models: z.array(geminiModel) }),
  ]),
)
