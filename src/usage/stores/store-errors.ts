import { StoreError, type StoreErrorCode } from './store.ts'

/** sqlite.org/rescode.html: the lowest byte of a code says of what kind it is. */
const kinds: Readonly<Record<number, StoreErrorCode>> = {
  5: 'busy',
  6: 'busy',
  8: 'read_only',
  11: 'damaged',
  13: 'disk_full',
  14: 'unreachable',
  26: 'damaged',
}

/** errno(3): what stands behind an I/O error, and what Node says of files and folders. */
const systemKinds: Readonly<Record<string | number, StoreErrorCode>> = {
  28: 'disk_full',
  122: 'disk_full',
  30: 'read_only',
  ENOSPC: 'disk_full',
  EDQUOT: 'disk_full',
  EROFS: 'read_only',
  EACCES: 'read_only',
  EPERM: 'read_only',
  ENOENT: 'unreachable',
  ENOTDIR: 'unreachable',
}

const words: Readonly<Partial<Record<StoreErrorCode, string>>> = {
  disk_full: 'no space is left for the ledger',
  read_only: 'the ledger cannot be written',
  busy: 'another program holds the ledger',
  damaged: 'the ledger is damaged',
  unreachable: 'the ledger cannot be opened',
}

/** What SQLite or the system threw, in our words. */
export function asStoreError(error: unknown, path: string): StoreError {
  if (error instanceof StoreError) return error
  const { errcode, systemErrno, code, message } = error as {
    errcode?: number
    systemErrno?: number
    code?: string
    message?: string
  }
  const kind =
    systemKinds[systemErrno ?? 0] ?? systemKinds[code ?? ''] ?? kinds[(errcode ?? 1) & 0xff] ?? 'failed'
  const what = words[kind] ?? 'the ledger failed'
  return new StoreError(kind, `${what}: ${path} (${message ?? String(error)})`, { cause: error })
}
