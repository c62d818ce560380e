import { shownUrl } from '../../core/shown-url.ts'
import { openJsonStore } from './json/json-store.ts'
import { openPostgresStore } from './postgres/postgres-store.ts'
import { openSqliteStore } from './sqlite/sqlite-store.ts'
import { StoreError, type StoreSettings, type UsageStore } from './store.ts'

interface StoreKind {
  name: string
  /** Which `usage_tracking.persistence_path` means it. */
  fits: RegExp
  open(path: string, settings: StoreSettings): UsageStore
}

/** All stores; the first that fits the path is taken. */
const storeKinds: readonly StoreKind[] = [
  { name: 'postgres', fits: /^postgres(ql)?:\/\//i, open: openPostgresStore },
  { name: 'json', fits: /\.json$/i, open: openJsonStore },
  { name: 'sqlite', fits: /\.(db|sqlite3?)$/i, open: openSqliteStore },
]

export function storeKindOf(path: string): string | null {
  return storeKinds.find(({ fits }) => fits.test(path))?.name ?? null
}

/** Throws `StoreError` for a path of no store; whether it can be used shows with the first call. */
export function openStore(path: string, settings: StoreSettings): UsageStore {
  const kind = storeKinds.find(({ fits }) => fits.test(path))
  if (kind) return kind.open(path, settings)
  throw new StoreError(
    'failed',
    `${shownUrl(path)} is no ledger that llmproxy knows; usage_tracking.persistence_path ends in .db, .sqlite or .json, or begins with postgres://`,
  )
}
