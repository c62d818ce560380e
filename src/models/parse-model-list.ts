import { arrayAt, isObject, type Json, stringAt } from '../core/json.ts'

/** No provider has more; what comes from outside is bounded. */
const modelsAtMost = 10_000
const nameLengthAtMost = 256

/**
 * The model ids of a provider's list, in its order and without doubles; undefined when the body is no list.
 * OpenAI and Anthropic: `data[].id`; Gemini: `models[].name` with `models/` before the id; chatgpt's Codex
 * backend: `models[].slug`; Together: a bare array.
 */
export function parseModelList(body: Json): string[] | undefined {
  const entries = Array.isArray(body) ? body : (arrayAt(body, 'data') ?? arrayAt(body, 'models'))
  if (entries === undefined) return undefined
  const ids = new Set<string>()
  for (const entry of entries) {
    const id = modelId(entry)
    if (id !== undefined && ids.size < modelsAtMost) ids.add(id)
  }
  return [...ids]
}

function modelId(entry: Json): string | undefined {
  if (!isObject(entry)) return undefined
  const id = stringAt(entry, 'id') ?? stringAt(entry, 'slug') ?? stringAt(entry, 'name')
  const bare = id?.replace(/^models\//, '')
  return bare && bare.length <= nameLengthAtMost ? bare : undefined
}
