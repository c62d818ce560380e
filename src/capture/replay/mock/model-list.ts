import type { JsonObject } from '../../../core/json.ts'
import type { ProtocolName } from '../../../core/protocol-name.ts'
import type { Endpoint } from './endpoint.ts'

/** Recorded models by the protocol in which they were asked for. */
export type RecordedModels = ReadonlyMap<ProtocolName, ReadonlySet<string>>

/** What a server with just the recorded models answers to who asks for its models; null for one that was not recorded. */
export function modelListAnswer({ protocol, model }: Endpoint, recorded: RecordedModels): JsonObject | null {
  const names = (of: readonly ProtocolName[]) =>
    [...new Set(of.flatMap((name) => [...(recorded.get(name) ?? [])]))].sort()
  switch (protocol) {
    case 'anthropic-messages':
      return answer(names([protocol]), model, anthropicModel, (data) => ({
        ...{ data, has_more: false },
        ...{ first_id: data[0]?.id ?? null, last_id: data.at(-1)?.id ?? null },
      }))
    case 'gemini':
      return answer(names([protocol]), model, geminiModel, (models) => ({ models }))
    default:
      return answer(names(['openai-chat', 'openai-responses']), model, openAiModel, (data) => ({
        object: 'list',
        data,
      }))
  }
}

function answer(
  ids: readonly string[],
  asked: string | null,
  one: (id: string) => JsonObject,
  list: (models: JsonObject[]) => JsonObject,
): JsonObject | null {
  if (asked === null) return list(ids.map(one))
  return ids.includes(asked) ? one(asked) : null
}

const openAiModel = (id: string): JsonObject => ({ id, object: 'model', created: 0, owned_by: 'capture' })

const anthropicModel = (id: string): JsonObject => ({
  ...{ type: 'model', id, display_name: id, created_at: '1970-01-01T00:00:00Z' },
})

const geminiModel = (id: string): JsonObject => ({
  ...{ name: `models/${id}`, baseModelId: id, version: '', displayName: id },
  supportedGenerationMethods: ['generateContent', 'streamGenerateContent', 'countTokens'],
})
