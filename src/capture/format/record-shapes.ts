import type { Decoded } from './cbor-decode.ts'
import {
  anyOf,
  type Check,
  flag,
  headerPairs,
  listOf,
  shaped,
  size,
  bytes as someBytes,
  text,
  time,
  wallTime,
  within,
} from './checks.ts'
import { maxPayloadBytes } from './frame.ts'
import type { CaptureRecord, InterpretedAttempt } from './records.ts'

export interface Field {
  check: Check
  optional: boolean
}
interface Required extends Field {
  optional: false
}
interface Optional extends Field {
  optional: true
}

/** Every field of a record but its kind: the compiler sees to it that none is forgotten. */
type ShapeOf<R> = {
  readonly [F in Exclude<keyof R, 'k'>]-?: Record<never, never> extends Pick<R, F> ? Optional : Required
}
type Shapes = { readonly [K in CaptureRecord['k']]: ShapeOf<Extract<CaptureRecord, { k: K }>> }

const must = (check: Check): Required => ({ check, optional: false })
const may = (check: Check): Optional => ({ check, optional: true })

const maxIdCharacters = 1024
const blobIdBytes = 16

const id = text(maxIdCharacters)
const words = text()
const leg = within(0, 3)
const attempt = within(1, 1_000_000)
/** A blob has a frame of its own. */
const blobLength = within(0, maxPayloadBytes)
const blobId: Check = (value) => value instanceof Uint8Array && value.length === blobIdBytes

const legEnds = anyOf('eof', 'abort_client', 'abort_backend', 'abort_proxy', 'timeout', 'error')
const losses = anyOf('queue_full', 'writer_lost', 'disk_full', 'disk_error', 'cap')

const reference = shaped({ ref: must(blobId), len: must(blobLength) })
const bodyPart: Check = (value: Decoded) => value instanceof Uint8Array || reference(value)

const interpretedAttempt = shaped({
  n: must(attempt),
  backend: must(words),
  backend_type: must(words),
  model: may(words),
  protocol: must(words),
  replaces: may(flag),
  status: may(size),
  reason: may(words),
  error: may(words),
  dropped: may(listOf(words, 10_000)),
  prompt_tokens: may(size),
  completion_tokens: may(size),
  cost_usd: may((value) => typeof value === 'number'),
} satisfies ShapeOf<InterpretedAttempt>)

export const recordShapes: Shapes = {
  hdr: {
    v: must(within(3, 3)),
    app: must(words),
    appv: must(words),
    run: must(id),
    sec: must(size),
    wall_ns: must(wallTime),
    pid: must(size),
    node: must(words),
    redact: must(shaped({ policy: must(anyOf('overwrite')), version: must(size) })),
  },
  clk: { t: must(time), wall_ns: must(wallTime) },
  xo: { x: must(id), t: must(time), ep: must(words), late: may(flag) },
  s: {
    x: must(id),
    t: must(time),
    session: may(words),
    turn: may(size),
    client_app: may(words),
    requested_model: may(words),
    stream: must(flag),
  },
  h: {
    x: must(id),
    l: must(leg),
    a: may(attempt),
    t: must(time),
    m: may(words),
    u: may(words),
    st: may(size),
    ver: may(words),
    hd: must(headerPairs),
    be: may(words),
    bt: may(words),
    mod: may(words),
    pr: may(words),
  },
  b: {
    x: must(id),
    l: must(leg),
    a: may(attempt),
    n: must(size),
    t: must(time),
    d: must(listOf(bodyPart, 1 << 20)),
    more: may(flag),
    enc: may(words),
    omitted: may(size),
  },
  e: {
    x: must(id),
    l: must(leg),
    a: may(attempt),
    t: must(time),
    why: must(legEnds),
    bytes: must(size),
    n: must(size),
    err: may(words),
  },
  u: {
    x: must(id),
    t: must(time),
    session: may(words),
    turn: may(size),
    client_app: may(words),
    user: may(words),
    purpose: must(words),
    stream: must(flag),
    requested_model: may(words),
    outcome: must(words),
    incomplete_reason: may(words),
    error: may(words),
    status: may(size),
    replacement: may(shaped({ rule: must(words), decision: must(words) })),
    attempts: must(listOf(interpretedAttempt, 10_000)),
  },
  bl: { id: must(blobId), z: must(anyOf('none', 'deflate')), len: must(blobLength), d: must(someBytes) },
  drop: {
    t: must(time),
    from: must(time),
    to: must(time),
    n: must(size),
    bytes: must(size),
    why: must(losses),
    x: may(listOf(id, 100_000)),
  },
  end: { t: must(time), records: must(size), bytes: must(size) },
}
