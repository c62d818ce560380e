import { join } from 'node:path'
import { presetOfType } from '../../backends/index.ts'
import type { ModelCosts } from '../../capture/replay/ports.ts'
import type { LoadedConfig } from '../../config/load.ts'
import type { Backend } from '../../core/backend.ts'
import { createPriceBook } from '../../prices/index.ts'
import { callContent } from '../../tokens/call-content.ts'
import { countHere } from '../../tokens/count-here.ts'
import { encodingOf } from '../../tokens/model-encodings.ts'
import { configuredBackends } from '../configured.ts'

export interface LiveReplay {
  backends: {
    name: string
    type: string
    host: string
    /** Why it cannot be asked without a client's credential, in words; null: it can. */
    why: string | null
  }[]
  costs: ModelCosts
  /** Values that no capture may have. */
  secrets: string[]
}

/** What a replay must know of a configuration before it asks its backends for money. Throws ConfigFaults. */
export function liveReplay(loaded: LoadedConfig, env: NodeJS.ProcessEnv): LiveReplay {
  const backends = configuredBackends(loaded, { env, demoUrl: 'http://127.0.0.1', accessKeys: false })
  const { priceOf } = createPriceBook({
    overrides: loaded.config.usage_tracking.prices,
    folder: join(loaded.home, 'prices'),
  })
  return {
    backends: backends.map((backend) => ({
      ...{ name: backend.name, type: backend.type, host: new URL(backend.apiUrl).host },
      why: whyNotAsked(backend),
    })),
    costs: { priceOf, countPrompt },
    secrets: backends.flatMap(({ apiKey }) => apiKey ?? []),
  }
}

const countPrompt: ModelCosts['countPrompt'] = (call) => {
  const { texts, fixedTokens } = callContent(call)
  const tokens = texts.reduce((sum, text) => sum + countHere(text), fixedTokens)
  return Math.round(tokens * encodingOf(call.model).factor)
}

function whyNotAsked({ name, type, credentials, apiKey, atPresetHost }: Backend): string | null {
  if (credentials === 'none' || apiKey !== null) return null
  const variables = atPresetHost ? (presetOfType(type)?.keyVariables ?? []) : []
  const steps = [...variables, `backends.${name}.api_key in the configuration`].join(' or ')
  const only = credentials === 'client' ? 'it takes only the login of its clients, and none is sent; ' : ''
  return `${only}there is no provider key for it: set ${steps}`
}
