/** What a backend's provider is asked by, and so what it answers in. */
export type BackendType = 'openai' | 'anthropic' | 'gemini' | 'openrouter'

/**
 * Two for what goes well or is refused, and one for each thing whose timing matters: one that shuts connections
 * without a word (a connection that was used before would be tried again), three whose answers stop coming, each
 * with another limit, and one whose answers are read on when the client has left.
 */
export const rooms = ['a', 'b', 'shuts', 'headless', 'contentless', 'idle', 'readon'] as const
export type Room = (typeof rooms)[number]

const typesWithRooms = ['openai', 'anthropic', 'gemini'] as const

/** On the proxy’s clock, which goes slower than ours. */
const limitSeconds = 0.04

const timeouts: Partial<Record<Room, object>> = {
  headless: { timeouts: { headers_seconds: limitSeconds } },
  contentless: { timeouts: { first_content_seconds: limitSeconds } },
  idle: { timeouts: { idle_seconds: limitSeconds } },
  readon: { on_client_disconnect: { drain_seconds: 60 } },
}

export const unpricedModel = 'codex-unlisted-zebra'

const models: Record<BackendType, readonly string[]> = {
  openai: ['gpt-4o', 'gpt-4o-mini', 'gpt-4.1', 'gpt-4.1-mini', 'gpt-5-mini', unpricedModel],
  anthropic: ['claude-3-5-sonnet-20241022', 'claude-sonnet-4-5-20250929', 'claude-opus-4-1'],
  gemini: ['gemini-2.5-flash', 'gemini-2.5-pro'],
  openrouter: ['openai/gpt-4o'],
}

/** What answers call a model, where it is not what was asked for. */
export const datedNames: Readonly<Record<string, readonly [string, ...string[]]>> = {
  // The second is dearer.
  'gpt-4o': ['gpt-4o-2024-08-06', 'gpt-4o-2024-05-13'],
  'claude-opus-4-1': ['claude-opus-4-1-20250805'],
}

/** Has a cheaper tier. */
export const flexModel = 'gpt-5-mini'

export function modelsOf(type: BackendType): readonly [string, ...string[]] {
  return models[type] as [string, ...string[]]
}

function typeOf(backend: string): BackendType {
  return backend.split('.')[0] as BackendType
}

/** The proxy's configuration. */
export function configFor(urlOf: (backend: string) => string) {
  const backend = (name: string, more: object = {}) => {
    const version = typeOf(name) === 'gemini' ? 'v1beta' : 'v1'
    const key = 'books-key-000000000000'
    return [
      name,
      { api_url: `${urlOf(name)}/${version}`, api_key: key, models: modelsOf(typeOf(name)), ...more },
    ]
  }
  const all = typesWithRooms.flatMap((type) =>
    rooms.map((room) => backend(`${type}.${room}`, timeouts[room])),
  )
  return {
    backends: Object.fromEntries([...all, backend('openrouter', { protocols: ['openai-chat'] })]),
    health_check: { enabled: false },
    resilience: { circuit_breaker: { enabled: false } },
    logging: { level: 'error' },
    usage_tracking: {
      prices: {
        'openai:gpt-4.1-mini': { input: 0.37, cache_read: 0.09, output: 1.59 },
        'gemini.a:gemini-2.5-pro': { input: 1.3, cache_read: 0.31, output: 9.7 },
      },
    },
  }
}
