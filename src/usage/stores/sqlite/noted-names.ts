import type { DatabaseSyncInstance, StatementSyncInstance } from '@photostructure/sqlite'
import type { UsageRecord } from '../../record/record.ts'
import { type NamedRecord, seenValues } from '../seen.ts'
import type { PackedGroup } from './packed-batch.ts'
import { ownAt, ownWidth, recordCount, sharedAt } from './record-rows.ts'

const mostNoted = 100_000

/** Notes which names records have (`seenValues`). */
export class NotedNames {
  readonly #insert: StatementSyncInstance
  /** What this thread has noted already: most records bring no new name. */
  readonly #noted = new Set<string>()

  constructor(database: DatabaseSyncInstance) {
    this.#insert = database.prepare('INSERT INTO seen (field, value) VALUES (?, ?) ON CONFLICT DO NOTHING')
  }

  note(group: PackedGroup): void {
    const text = (name: keyof typeof sharedAt) => group.shared[sharedAt[name]] as string | null
    const record = {
      requested_model: text('requested_model'),
      frontend_type: text('frontend_type') as UsageRecord['frontend_type'],
      user_agent: text('user_agent'),
      client_app: text('client_app'),
      proxy_user: text('proxy_user'),
      backend_type: text('backend_type'),
      model: text('model'),
      tags: JSON.parse(text('tags') ?? '{}') as UsageRecord['tags'],
      attempt_log: [] as UsageRecord['attempt_log'],
    }
    this.#noteAll(record)
    // The only attempt is the last one, whose backend is the record's own.
    if (group.shared[sharedAt.attempts] === 1)
      return this.#noteBackend(record.backend_type, text('backend_instance_id'))
    for (let index = 0; index < recordCount(group); index++) {
      const log = JSON.parse(String(group.own[index * ownWidth + ownAt.attempt_log]))
      this.#noteAll({ ...record, attempt_log: log })
    }
  }

  /** What was noted in a transaction that is undone is not. */
  undone(): void {
    this.#noted.clear()
  }

  #noteBackend(type: string | null, instance: string | null): void {
    for (const name of [type, instance]) if (name !== null) this.#noteOne('backend', name)
  }

  #noteAll(record: NamedRecord): void {
    for (const [field, value] of seenValues(record)) this.#noteOne(field, value)
  }

  #noteOne(field: string, value: string): void {
    const key = `${field}=${value}`
    if (this.#noted.has(key)) return
    this.#insert.run(field, value)
    if (this.#noted.size < mostNoted) this.#noted.add(key)
  }
}
