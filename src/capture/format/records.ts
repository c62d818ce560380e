/** Legs as they stand in files, V2 and V3: client→proxy, proxy→client, proxy→backend, backend→proxy. */
export const legNumbers = { CTP: 0, PTC: 1, PTB: 2, BTP: 3 } as const
export type LegNumber = (typeof legNumbers)[keyof typeof legNumbers]

/** Nanoseconds since the section's `wall_ns`, by the monotonic clock. */
export type SectionTimeNs = number

/** Why a leg has ended: whole, or cut by whom. */
export type LegEnd = 'eof' | 'abort_client' | 'abort_backend' | 'abort_proxy' | 'timeout' | 'error'

/** Why records are missing. `writer_lost`: the thread that writes was gone, and took with it what it had. */
export type LossReason = 'queue_full' | 'writer_lost' | 'disk_full' | 'disk_error' | 'cap'

/** A blob's name: the first 16 bytes of the SHA-256 of its content. */
export type BlobId = Uint8Array

/** A piece of a body: bytes as they are, or a blob that stands earlier in the same file. */
export type BodyPart = Uint8Array | { ref: BlobId; len: number }

/** The first record of a section: a run of the proxy, or its continuation in the next file. */
export interface HeaderRecord {
  k: 'hdr'
  v: number
  app: string
  appv: string
  /** Of the process's run; the same in all its files. */
  run: string
  /** 0, 1, …: sections of a run, in order. */
  sec: number
  /** Nanoseconds since 1970 at which `t` is 0. */
  wall_ns: bigint
  pid: number
  node: string
  redact: { policy: 'overwrite'; version: number }
}

/** The wall clock, so that a reader sees it jump. */
export interface ClockRecord {
  k: 'clk'
  t: SectionTimeNs
  wall_ns: bigint
}

export interface OpenRecord {
  k: 'xo'
  /** The exchange's id, as in the ledger. */
  x: string
  t: SectionTimeNs
  /** The client's protocol. */
  ep: string
  /** Its beginning is not in this file. */
  late?: boolean
}

/** A request's or an answer's head: names as sent, in order, repeated ones kept. */
export interface HeadRecord {
  k: 'h'
  x: string
  l: LegNumber
  /** Attempts count from 1; on PTB and BTP. */
  a?: number
  t: SectionTimeNs
  /** A request's. */
  m?: string
  u?: string
  /** An answer's. */
  st?: number
  ver?: string
  hd: [name: string, value: string][]
  /** On PTB: the backend's name, its type, the model there and the protocol that it is asked in. */
  be?: string
  bt?: string
  mod?: string
  pr?: string
}

/** A body, or one chunk of it as it passed. Bodies larger than a frame are several with the same `n`. */
export interface BodyRecord {
  k: 'b'
  x: string
  l: LegNumber
  a?: number
  /** Chunks count from 0 in their leg and attempt. */
  n: number
  /** When it was read; on PTC and PTB when it was written on. */
  t: SectionTimeNs
  d: BodyPart[]
  /** A further piece of the chunk `n`, behind what came before. */
  more?: boolean
  /** Its content encoding still stands, such as `gzip`: it could not be decoded, so it is not redacted but left out; see `omitted`. */
  enc?: string
  /** So many bytes are not in the file, because nobody could say that no secret is in them. */
  omitted?: number
}

export interface LegEndRecord {
  k: 'e'
  x: string
  l: LegNumber
  a?: number
  t: SectionTimeNs
  why: LegEnd
  bytes: number
  /** Chunks. */
  n: number
  err?: string
}

/** What the proxy made of an exchange, when it closed: why PTB is not CTP, and what it came to. */
export interface InterpretationRecord {
  k: 'u'
  x: string
  t: SectionTimeNs
  session?: string
  turn?: number
  client_app?: string
  user?: string
  purpose: string
  stream: boolean
  requested_model?: string
  outcome: string
  incomplete_reason?: string
  error?: string
  status?: number
  replacement?: { rule: string; decision: string }
  attempts: InterpretedAttempt[]
}

export interface InterpretedAttempt {
  n: number
  backend: string
  backend_type: string
  model?: string
  protocol: string
  /** By replacement it was asked instead of what the client named. */
  replaces?: boolean
  status?: number
  reason?: string
  error?: string
  /** What could not be carried between the protocols. */
  dropped?: string[]
  prompt_tokens?: number
  completion_tokens?: number
  cost_usd?: number
}

/** The session of an exchange, written as soon as it is known: an exchange that never closes has no `u`. */
export interface SessionRecord {
  k: 's'
  x: string
  t: SectionTimeNs
  session?: string
  turn?: number
  client_app?: string
  requested_model?: string
  stream: boolean
}

export interface BlobRecord {
  k: 'bl'
  id: BlobId
  z: 'none' | 'deflate'
  /** Of the content, before compression. */
  len: number
  d: Uint8Array
}

/** Records that were lost, and why: losses are never silent. */
export interface LossRecord {
  k: 'drop'
  t: SectionTimeNs
  from: SectionTimeNs
  to: SectionTimeNs
  /** Records. */
  n: number
  bytes: number
  why: LossReason
  /** Exchanges that miss something, as many as were noted. */
  x?: string[]
}

/** The section was closed in order. */
export interface EndRecord {
  k: 'end'
  t: SectionTimeNs
  records: number
  bytes: number
}

/** All that stands in a V3 file. Readers skip kinds that they do not know. */
export type CaptureRecord =
  | HeaderRecord
  | ClockRecord
  | OpenRecord
  | SessionRecord
  | HeadRecord
  | BodyRecord
  | LegEndRecord
  | InterpretationRecord
  | BlobRecord
  | LossRecord
  | EndRecord
