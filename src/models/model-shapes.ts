import type { JsonObject } from '../core/json.ts'
import type { ProviderFamily } from '../core/protocol.ts'
import type { ModelEntry } from './model-entries.ts'

/** How one family's clients expect models. */
interface ModelShape {
  one(entry: ModelEntry): JsonObject
  list(models: JsonObject[]): JsonObject
}

/** Anthropic's own value for a release date that is not known. */
const unknownDate = '1970-01-01T00:00:00Z'

const shapes: Record<ProviderFamily, ModelShape> = {
  // developers.openai.com/api/reference: `created` has no unknown, so it is the epoch too.
  openai: {
    one: ({ id, target }) => ({ id, object: 'model', created: 0, owned_by: target.backend.name }),
    list: (data) => ({ object: 'list', data }),
  },
  // docs.anthropic.com/en/api/models-list
  anthropic: {
    one: ({ id }) => ({ type: 'model', id, display_name: id, created_at: unknownDate }),
    list: (data) => ({
      data,
      has_more: false,
      first_id: data.at(0)?.id ?? null,
      last_id: data.at(-1)?.id ?? null,
    }),
  },
  // ai.google.dev/api/models; token limits are left out, for they are not known here.
  gemini: {
    one: ({ id }) => ({
      name: `models/${id}`,
      baseModelId: id,
      version: '',
      displayName: id,
      supportedGenerationMethods: ['generateContent', 'streamGenerateContent', 'countTokens'],
    }),
    list: (models) => ({ models }),
  },
}

/** The body of a list of models, whole: there are no further pages. */
export function modelListAnswer(family: ProviderFamily, entries: readonly ModelEntry[]): JsonObject {
  return shapes[family].list(entries.map(shapes[family].one))
}

/** The body that describes one model. */
export function modelAnswer(family: ProviderFamily, entry: ModelEntry): JsonObject {
  return shapes[family].one(entry)
}
