import { ProxyError } from '../../core/errors.ts'
import type { JsonObject } from '../../core/json.ts'
import type { ProviderFamily } from '../../core/protocol.ts'

/** The demo's only model. */
const demoModel = 'echo'
const createdAtMs = Date.UTC(2026, 0, 1)

/** The list of models as a family's clients read it. */
export function modelList(family: ProviderFamily): JsonObject {
  const model = describedModel(family)
  switch (family) {
    case 'openai':
      return { object: 'list', data: [model] }
    case 'anthropic':
      return { data: [model], has_more: false, first_id: demoModel, last_id: demoModel }
    case 'gemini':
      return { models: [model] }
  }
}

export function describedModel(family: ProviderFamily): JsonObject {
  switch (family) {
    case 'openai':
      return { id: demoModel, object: 'model', created: createdAtMs / 1000, owned_by: 'llmproxy' }
    case 'anthropic':
      return { type: 'model', id: demoModel, display_name: 'Echo', created_at: '2026-01-01T00:00:00Z' }
    case 'gemini':
      return {
        name: `models/${demoModel}`,
        version: '1',
        displayName: 'Echo',
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
    throw new ProxyError('model_missing', `the request names no model; ask for \`${demoModel}\``, {
      param: 'model',
    })
  }
  if (model === demoModel) return model
  throw new ProxyError(
    'unknown_model',
    `the model \`${model}\` does not exist here; the demo has only \`${demoModel}\``,
    { param: 'model' },
  )
}
