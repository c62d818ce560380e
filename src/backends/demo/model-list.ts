import { ProxyError } from '../../core/errors.ts'
import type { JsonObject } from '../../core/json.ts'
import type { ProviderFamily } from '../../core/protocol.ts'

/** The demo's models. They answer alike; two, so that replacement and failover can be tried without a key. */
const demoModels = [
  { id: 'echo', title: 'Echo' },
  { id: 'other', title: 'Other' },
] as const
type DemoModel = (typeof demoModels)[number]

const createdAtMs = Date.UTC(2026, 0, 1)

/** The list of models as a family's clients read it. */
export function modelList(family: ProviderFamily): JsonObject {
  const models = demoModels.map((model) => described(model, family))
  const [first] = demoModels
  switch (family) {
    case 'openai':
      return { object: 'list', data: models }
    case 'anthropic':
      return { data: models, has_more: false, first_id: first.id, last_id: demoModels.at(-1)?.id ?? first.id }
    case 'gemini':
      return { models }
  }
}

/** One model as a family's clients read it. Throws `unknown_model`. */
export function describedModel(family: ProviderFamily, id: string): JsonObject {
  return described(modelCalled(id), family)
}

function described({ id, title }: DemoModel, family: ProviderFamily): JsonObject {
  switch (family) {
    case 'openai':
      return { id, object: 'model', created: createdAtMs / 1000, owned_by: 'llmproxy' }
    case 'anthropic':
      return { type: 'model', id, display_name: title, created_at: '2026-01-01T00:00:00Z' }
    case 'gemini':
      return {
        name: `models/${id}`,
        version: '1',
        displayName: title,
        description: 'Repeats what it is told, and calls tools on request.',
        inputTokenLimit: 1_000_000,
        outputTokenLimit: 65_536,
        supportedGenerationMethods: ['generateContent', 'countTokens'],
      }
  }
}

/** Refuses every model but the demo's own. */
export function checkModel(model: string | undefined): string {
  if (model === undefined || model === '') {
    throw new ProxyError('model_missing', `the request names no model; ask for \`${demoModels[0].id}\``, {
      param: 'model',
    })
  }
  return modelCalled(model).id
}

function modelCalled(id: string): DemoModel {
  const found = demoModels.find((model) => model.id === id)
  if (found) return found
  const names = demoModels.map((model) => `\`${model.id}\``).join(' and ')
  throw new ProxyError(
    'unknown_model',
    `the model \`${id}\` does not exist here; the demo has only ${names}`,
    {
      param: 'model',
    },
  )
}
