import { crc32 } from 'node:zlib'

/**
 * A CBOR encoder and decoder of the tests' own, straight from RFC 8949 and without any of the program's code, so that what
 * they agree on is the standard. Decodes tags as `Tagged` and maps as arrays of pairs.
 */
export class Tagged {
  readonly tag: number
  readonly value: unknown
  constructor(tag: number, value: unknown) {
    this.tag = tag
    this.value = value
  }
}

/** A number that is written as a 64-bit float though it may be whole. */
export class Float {
  readonly value: number
  constructor(value: number) {
    this.value = value
  }
}

function head(major: number, argument: number | bigint): number[] {
  const big = BigInt(argument)
  const width = big < 24n ? 0 : big < 256n ? 1 : big < 65536n ? 2 : big < 2n ** 32n ? 4 : 8
  const bytes: number[] = []
  for (let i = width - 1; i >= 0; i--) bytes.push(Number((big >> BigInt(8 * i)) & 255n))
  const minor = width === 0 ? Number(big) : { 1: 24, 2: 25, 4: 26, 8: 27 }[width]!
  return [(major << 5) | minor, ...bytes]
}

export function cbor(value: unknown): Buffer {
  if (value === null) return Buffer.from([0xf6])
  if (value === true || value === false) return Buffer.from([value ? 0xf5 : 0xf4])
  if (value instanceof Float || (typeof value === 'number' && !Number.isSafeInteger(value))) {
    const float = Buffer.alloc(9, 0xfb)
    float.writeDoubleBE(value instanceof Float ? value.value : value, 1)
    return float
  }
  if (typeof value === 'number' || typeof value === 'bigint') {
    return Buffer.from(value < 0 ? head(1, -1n - BigInt(value)) : head(0, value))
  }
  if (typeof value === 'string') {
    const bytes = Buffer.from(value)
    return Buffer.concat([Buffer.from(head(3, bytes.length)), bytes])
  }
  if (value instanceof Uint8Array) return Buffer.concat([Buffer.from(head(2, value.length)), value])
  if (value instanceof Tagged) return Buffer.concat([Buffer.from(head(6, value.tag)), cbor(value.value)])
  if (Array.isArray(value)) return Buffer.concat([Buffer.from(head(4, value.length)), ...value.map(cbor)])
  const fields = Object.entries(value as object).filter(([, field]) => field !== undefined)
  const pairs = fields.flatMap(([key, field]) => [cbor(key), cbor(field)])
  return Buffer.concat([Buffer.from(head(5, fields.length)), ...pairs])
}

/** All items of a CBOR sequence. Throws on anything that is none. */
export function decodeSequence(bytes: Uint8Array): unknown[] {
  const view = Buffer.from(bytes)
  let at = 0

  /** Where the next so many bytes begin. */
  function take(length: number): number {
    at += length
    if (at > view.length) throw new Error('cut')
    return at - length
  }

  function argument(minor: number): number | bigint {
    if (minor < 24) return minor
    const width = { 24: 1, 25: 2, 26: 4, 27: 8 }[minor]
    if (width === undefined) throw new Error(`no argument at ${at}`)
    const read = BigInt(`0x${view.subarray(take(width), at).toString('hex')}`)
    return read > Number.MAX_SAFE_INTEGER ? read : Number(read)
  }

  function item(): unknown {
    const initial = view[at++]
    if (initial === undefined) throw new Error('no item')
    const [major, minor] = [initial >> 5, initial & 31]
    if (major === 7) {
      if (minor === 27) return view.readDoubleBE(take(8))
      if (minor === 20 || minor === 21) return minor === 21
      if (minor === 22) return null
      throw new Error(`simple value ${minor}`)
    }
    const n = argument(minor)
    if (major === 0) return n
    if (major === 1) return typeof n === 'bigint' ? -1n - n : -1 - n
    const length = Number(n)
    if (major === 2 || major === 3) {
      const content = view.subarray(take(length), at)
      return major === 2 ? Buffer.from(content) : new TextDecoder('utf8', { fatal: true }).decode(content)
    }
    if (major === 4) return Array.from({ length }, item)
    if (major === 6) return new Tagged(length, item())
    return Array.from({ length }, () => [item(), item()] as [unknown, unknown])
  }

  const items: unknown[] = []
  while (at < view.length) items.push(item())
  return items
}

export const labelHex = 'd9d9f8da6374014043424f52'

/** A frame as reference §3.3 draws it. */
export function frame(record: unknown): Buffer {
  const payload = cbor(record)
  const length = Buffer.alloc(4)
  length.writeUInt32BE(payload.length)
  const sum = Buffer.alloc(4)
  sum.writeUInt32BE(crc32(Buffer.concat([length, payload])))
  return Buffer.concat([Buffer.from('8344f74c50331a', 'hex'), sum, Buffer.from([0x5a]), length, payload])
}

export const fileLabel = Buffer.from(labelHex, 'hex')
