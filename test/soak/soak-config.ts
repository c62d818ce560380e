import { configFor, unpricedModel } from '../usage/books/backends.ts'

/** Who asks. Only the first may read what concerns all. */
export const adminKey = 'soak-admin-key-0000000000'
export const users = ['alice', 'bob', 'carol'] as const
export type User = (typeof users)[number]
/** Has a daily limit, so that what each of its calls may cost is reserved; a model without a price is refused to it. */
export const limitedUser: User = 'carol'

export function keyOf(user: User): string {
  return `soak-${user}-key-0000000000`
}

/** Nothing listens there. */
export const downBackend = 'openai.down'
/** Has no room for one call in four, and says for how long. */
export const busyBackend = 'openai.busy'
/** Replaced by another model, with some chance. */
export const replacedBackend = 'openai.swap'
export const replacingPlace = { backend: 'openai.b', model: 'gpt-4.1' } as const

export const captureBounds = { max_file_mb: 16, max_total_mb: 128 }
const waitsSeconds = 4
const timeoutNames = ['headers_seconds', 'first_content_seconds', 'idle_seconds']

/**
 * The configuration of a proxy whose defaults stay where an exchange's plan does not need another value: backends
 * whose answers stop coming are given up after four seconds, and so much fails on purpose, at backends that answer
 * others, that only the one where nothing listens is to be left out.
 */
export function soakConfig(urlOf: (backend: string) => string, closedPort: number, isOther: boolean): object {
  const { backends, usage_tracking } = configFor(urlOf)
  const own = (name: string, api_url = `${urlOf(name)}/v1`) => [name, { ...backends['openai.a'], api_url }]
  return {
    auth: {
      api_keys: [
        { name: 'admin', key: adminKey, role: 'admin' },
        ...users.map((name) => ({
          ...{ name, key: keyOf(name), requests_per_minute: 1_000_000 },
          ...(name === limitedUser && { usd_per_day: 1e9 }),
        })),
      ],
    },
    backends: {
      ...Object.fromEntries(Object.entries(backends).map(([name, one]) => [name, patient(one)])),
      ...Object.fromEntries([
        own(downBackend, `http://127.0.0.1:${closedPort}/v1`),
        own(busyBackend),
        own(replacedBackend),
        // Comes and goes with each reload.
        ...(isOther ? [own('openai.other')] : []),
      ]),
    },
    usage_tracking: { ...usage_tracking, persistence_path: 'usage.db' },
    wire_capture: { mode: 'all', output_dir: 'captures', ...captureBounds, min_free_mb: 256 },
    resilience: { circuit_breaker: { failure_threshold: 40 } },
    replacement: {
      enabled: true,
      probability: 0.3,
      turn_count: 3,
      seed: 1,
      replacement_rules: [
        {
          from_pattern: `${replacedBackend}:${unpricedModel}`,
          to_backend: replacingPlace.backend,
          to_model: replacingPlace.model,
        },
      ],
    },
  }
}

function patient(backend: unknown): object {
  const { timeouts, ...rest } = backend as { timeouts?: Record<string, number> }
  if (timeouts === undefined) return rest
  const names = timeoutNames.filter((name) => Object.hasOwn(timeouts, name))
  return { ...rest, timeouts: Object.fromEntries(names.map((name) => [name, waitsSeconds])) }
}
