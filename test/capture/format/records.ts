import fc from 'fast-check'
import { type CaptureRecord, legNumbers } from '../../../src/capture/format/records.ts'

const safeSize = fc.nat({ max: Number.MAX_SAFE_INTEGER })
const wallNs = fc.bigInt({ min: 0n, max: 2n ** 63n - 1n })
const words = fc.string({ unit: 'grapheme', maxLength: 40 })
const id = fc.string({ minLength: 1, maxLength: 40 })
const leg = fc.constantFrom(...Object.values(legNumbers))
const attempt = fc.integer({ min: 1, max: 99 })
const bytes = fc.uint8Array({ maxLength: 300 })
const blobId = fc.uint8Array({ minLength: 16, maxLength: 16 })
const part = fc.oneof(bytes, fc.record({ ref: blobId, len: fc.nat({ max: 1 << 20 }) }))

function record<T>(must: { [K in keyof T]?: fc.Arbitrary<T[K]> }, may: object = {}) {
  return fc.record({ ...must, ...may } as Record<string, fc.Arbitrary<unknown>>, {
    requiredKeys: Object.keys(must),
    noNullPrototype: true,
  }) as unknown as fc.Arbitrary<T>
}

const interpretedAttempt = record<object>(
  { n: attempt, backend: words, backend_type: words, protocol: words } as object,
  {
    model: words,
    replaces: fc.boolean(),
    status: safeSize,
    reason: words,
    error: words,
    dropped: fc.array(words),
    prompt_tokens: safeSize,
    completion_tokens: safeSize,
    cost_usd: fc.double({ noNaN: true, noDefaultInfinity: true }).map((cost) => cost + 0),
  },
)

const kind = <K extends string>(k: K) => fc.constant(k)

/** Any record that a writer may write. */
export const anyRecord = fc.oneof(
  record({
    k: kind('hdr'),
    v: fc.constant(3),
    app: words,
    appv: words,
    run: id,
    sec: safeSize,
    wall_ns: wallNs,
    pid: safeSize,
    node: words,
    redact: fc.constant({ policy: 'overwrite', version: 1 }),
  }),
  record({ k: kind('clk'), t: safeSize, wall_ns: wallNs }),
  record({ k: kind('xo'), x: id, t: safeSize, ep: words }),
  record(
    { k: kind('s'), x: id, t: safeSize, stream: fc.boolean() },
    { session: words, turn: safeSize, client_app: words, requested_model: words },
  ),
  record(
    { k: kind('h'), x: id, l: leg, t: safeSize, hd: fc.array(fc.tuple(words, words)) },
    {
      a: attempt,
      m: words,
      u: words,
      st: fc.nat(999),
      ver: words,
      be: words,
      bt: words,
      mod: words,
      pr: words,
    },
  ),
  record(
    { k: kind('b'), x: id, l: leg, n: safeSize, t: safeSize, d: fc.array(part, { maxLength: 5 }) },
    { a: attempt, more: fc.boolean(), enc: words, omitted: safeSize },
  ),
  record(
    { k: kind('e'), x: id, l: leg, t: safeSize, why: kind('abort_client'), bytes: safeSize, n: safeSize },
    { a: attempt, err: words },
  ),
  record(
    {
      k: kind('u'),
      x: id,
      t: safeSize,
      purpose: words,
      stream: fc.boolean(),
      outcome: words,
      attempts: fc.array(interpretedAttempt, { maxLength: 3 }),
    },
    {
      session: words,
      turn: safeSize,
      client_app: words,
      user: words,
      requested_model: words,
      incomplete_reason: words,
      error: words,
      status: safeSize,
      replacement: fc.record({ rule: words, decision: words }, { noNullPrototype: true }),
    },
  ),
  record({
    k: kind('bl'),
    id: blobId,
    z: fc.constantFrom('none', 'deflate'),
    len: fc.nat(1 << 26),
    d: bytes,
  }),
  record(
    {
      k: kind('drop'),
      t: safeSize,
      from: safeSize,
      to: safeSize,
      n: safeSize,
      bytes: safeSize,
      why: fc.constantFrom('queue_full', 'writer_lost', 'disk_full', 'disk_error', 'cap'),
    },
    { x: fc.array(id) },
  ),
  record({ k: kind('end'), t: safeSize, records: safeSize, bytes: safeSize }),
) as unknown as fc.Arbitrary<CaptureRecord>

/** With every byte string as a Buffer, as tests compare them. */
export function buffered(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value)
  if (Array.isArray(value)) return value.map(buffered)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, buffered(field)]))
}

/** The same text for the same record, whatever the order of its fields: quick to compare. */
export function written(value: unknown): string {
  if (value instanceof Uint8Array) return `h'${Buffer.from(value).toString('hex')}'`
  if (Array.isArray(value)) return `[${value.map(written).join()}]`
  if (typeof value !== 'object' || value === null) return `${typeof value} ${value}`
  const fields = Object.entries(value).map(([key, field]) => `${key}: ${written(field)}`)
  return `{${fields.sort().join()}}`
}
