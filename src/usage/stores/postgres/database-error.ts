import { StoreError, type StoreErrorCode } from '../store.ts'
import type { Address } from './address.ts'

type Kind = readonly [StoreErrorCode, string]

const unreachable: Kind = ['unreachable', 'the database of the ledger cannot be reached']
const refused: Kind = [
  'unreachable',
  'the database of the ledger refuses the user and password of usage_tracking.persistence_path',
]
const slow: Kind = ['busy', 'the database of the ledger takes too long']

/** By SQLSTATE (postgresql.org/docs/current/errcodes-appendix.html): the whole of it, else its class. */
const kinds: Readonly<Record<string, Kind>> = {
  '08': unreachable,
  28: refused,
  '3D000': ['unreachable', 'the database of the ledger is not there; create it'],
  25006: ['read_only', 'the database of the ledger can only be read'],
  42501: ['read_only', 'the ledger may not be written: the user of the database lacks a right'],
  '42P01': ['unreachable', 'there is no ledger'],
  40: ['busy', 'another program holds the ledger'],
  '55P03': ['busy', 'another program holds the ledger'],
  53100: ['disk_full', 'no space is left for the ledger'],
  53300: ['busy', 'the database of the ledger has too many connections'],
  57014: slow,
  '57P': unreachable,
  XX001: ['damaged', 'the ledger is damaged'],
  XX002: ['damaged', 'the ledger is damaged'],
}

/** What Node and the driver say of a connection, and what only the driver says, in words. */
const connectionCodes =
  /^(ECONN|ENOTFOUND|EAI_|EPIPE|ETIMEDOUT|EHOST|ENET|EADDR|ENOENT|EACCES|ERR_TLS|ERR_SSL|CERT_|DEPTH_|SELF_|UNABLE_)/
const connectionWords =
  /^(timeout expired|Connection terminated|Client was closed|Client has encountered)|SSL/

/** What the driver or the database threw, in our words, without user and password. */
export function asDatabaseError(error: unknown, { place, redact }: Address): StoreError {
  if (error instanceof StoreError) return error
  const { code = '', message = '' } = error as { code?: string; message?: string }
  const [kind, what] = kindOf(code, message)
  // The database names the user whom it refuses.
  const said = code.startsWith('28') ? code : redact(message || code)
  return new StoreError(kind, `${what}: ${place}${said ? ` (${said})` : ''}`)
}

function kindOf(code: string, message: string): Kind {
  const known = kinds[code] ?? kinds[code.slice(0, 3)] ?? kinds[code.slice(0, 2)]
  if (known) return known
  if (connectionCodes.test(code) || connectionWords.test(message)) return unreachable
  if (message === 'Query read timeout') return slow
  if (message.startsWith('SASL')) return refused
  return ['failed', 'the ledger failed']
}

/** Whether the connection can be used on: the database answered, and did not hang up. */
export function leavesConnection(error: unknown): boolean {
  if (error instanceof StoreError) return true
  const { code = '', severity } = error as { code?: string; severity?: string }
  return severity !== undefined && !/^(08|57P|25P03)/.test(code)
}
