import type { UsageFilter } from '../query/filter.ts'
import { fitsModel } from '../query/name-patterns.ts'
import type { UsageRecord } from '../record/record.ts'

/** Fields whose values are remembered, so that a filter that fits nothing can be told from one that fits no more. */
const seenFields = {
  backend_type: 'backendTypes',
  backend: 'backends',
  model: 'models',
  requested_model: 'requestedModels',
  frontend_type: 'frontendTypes',
  user_agent: 'userAgents',
  client_app: 'clientApps',
  proxy_user: 'proxyUsers',
  tag: 'tags',
} as const satisfies Record<string, keyof UsageFilter>
export type SeenField = keyof typeof seenFields

/** What of a record is looked at. */
export type NamedRecord = Pick<
  UsageRecord,
  | 'requested_model'
  | 'frontend_type'
  | 'user_agent'
  | 'client_app'
  | 'proxy_user'
  | 'backend_type'
  | 'model'
  | 'attempt_log'
  | 'tags'
>

export function* seenValues(record: NamedRecord): Generator<[SeenField, string]> {
  for (const field of [
    'requested_model',
    'frontend_type',
    'user_agent',
    'client_app',
    'proxy_user',
  ] as const) {
    const value = record[field]
    if (value !== null) yield [field, value]
  }
  if (record.backend_type !== null) yield ['backend_type', record.backend_type]
  if (record.model !== null) yield ['model', record.model]
  for (const { backend_instance_id, backend_type } of record.attempt_log) {
    yield ['backend', backend_instance_id]
    yield ['backend', backend_type]
  }
  for (const [name, value] of Object.entries(record.tags)) {
    yield ['tag', name]
    yield ['tag', `${name}=${value}`]
  }
}

/** The filter's words that fit no value, as `name=value`. */
export function unseenValues(
  filter: UsageFilter,
  has: (field: SeenField, word: string) => boolean,
): string[] {
  return (Object.entries(seenFields) as [SeenField, (typeof seenFields)[SeenField]][]).flatMap(
    ([field, key]) => filter[key].filter((word) => !has(field, word)).map((word) => `${field}=${word}`),
  )
}

/** Whether a remembered value is one that the word means. */
export function means(field: SeenField, word: string, value: string): boolean {
  return field === 'model' || field === 'requested_model' ? fitsModel(value, word) : value === word
}
