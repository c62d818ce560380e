import { inflateSync } from 'node:zlib'
import type { Decoded } from '../../format/cbor-decode.ts'
import { asMap, type Check, size, text, within } from '../../format/checks.ts'
import { maxPayloadBytes } from '../../format/frame.ts'
import type { LegNumber } from '../../format/records.ts'
import { magic } from './signs.ts'

/** The original's fields beside the bytes, by their short names (`reference/original.md` §4.2). */
export type V2Meta = { readonly [name: string]: Decoded }

export interface V2Entry {
  kind: 'entry'
  /** Seconds since 1970. */
  ts: number
  dir: LegNumber
  seq: number
  /** As stored; lent until the next read. */
  stored: Uint8Array
  /** `zlib`, or what else stands there; null: as it is. */
  encoding: string | null
  meta: V2Meta
}

export interface V2Header {
  kind: 'header'
  createdAt: number
  sessionId: string
}

/**
 * What one stored entry may become, as much as a frame of V3 may hold: zlib makes a thousand times more of
 * anything.
 */
const maxInflatedBytes = maxPayloadBytes
/** In the year 5138. */
const maxSeconds = 1e11

const isLeg = within(0, 3)
const isText: Check = text()

/** A header or an entry; null where the value is neither. Never throws. */
export function readEntry(value: Decoded): V2Entry | V2Header | null {
  const map = asMap(value)
  if (map === null) return null
  return map.magic === undefined ? entry(map) : header(map)
}

function header(map: V2Meta): V2Header | null {
  const createdAt = seconds(map.created_at)
  if (map.magic !== magic || map.version !== 2 || createdAt === null) return null
  return { kind: 'header', createdAt, sessionId: textOf(map, 'session_id') ?? '' }
}

function entry({ ts, dir, seq, data, enc, meta }: V2Meta): V2Entry | null {
  const time = seconds(ts)
  if (time === null || !isLeg(dir ?? null) || !size(seq ?? null) || !(data instanceof Uint8Array)) return null
  const fields = meta === undefined || meta === null ? {} : asMap(meta)
  if (fields === null) return null
  const encoding = enc === undefined || enc === null ? null : String(enc)
  return {
    kind: 'entry',
    ts: time,
    dir: dir as LegNumber,
    seq: seq as number,
    stored: data,
    encoding,
    meta: fields,
  }
}

/** What was stored, in memory of its own; null where it cannot be inflated. */
export function dataOf({ stored, encoding }: V2Entry): Uint8Array | null {
  if (encoding === null) return new Uint8Array(stored)
  if (encoding !== 'zlib') return null
  try {
    return inflateSync(stored, { maxOutputLength: maxInflatedBytes })
  } catch {
    return null
  }
}

/** A float or an integer of seconds, with or without CBOR's tag 1, or tag 0's text. */
function seconds(value: Decoded | undefined): number | null {
  const number = typeof value === 'string' ? Date.parse(value) / 1000 : value
  return typeof number === 'number' && number >= 0 && number <= maxSeconds ? number : null
}

export function textOf(meta: V2Meta, name: string): string | undefined {
  const value = meta[name] ?? null
  return isText(value) && value !== '' ? (value as string) : undefined
}

/** Counts and statuses; the original also writes them as floats. */
export function countOf(meta: V2Meta, name: string): number | undefined {
  const value = meta[name] ?? null
  return size(value) ? (value as number) : undefined
}
