/** A decoder of its own for what V3 files have, straight from RFC 8949, so that our encoder is not its own judge. */
export type Cbor = number | bigint | string | boolean | null | Uint8Array | Cbor[] | { [key: string]: Cbor }

/** One value at `at`, and where it ends. Throws on anything else. */
export function decodeCbor(bytes: Buffer, at: number): { value: Cbor; end: number } {
  const initial = bytes.readUInt8(at)
  const major = initial >> 5
  if (major === 7) return simple(bytes, at, initial & 31)
  const { value: argument, end: start } = argumentAt(bytes, at, initial & 31)
  const length = Number(argument)
  switch (major) {
    case 0:
      return { value: argument, end: start }
    case 1:
      return { value: -1 - length, end: start }
    case 2:
      return { value: taken(bytes, start, length), end: start + length }
    case 3:
      return { value: taken(bytes, start, length).toString(), end: start + length }
    case 4:
      return items(bytes, start, length)
    case 5:
      return map(bytes, start, length)
    default:
      return decodeCbor(bytes, start)
  }
}

function taken(bytes: Buffer, start: number, length: number): Buffer {
  if (start + length > bytes.length) throw new RangeError('a string goes beyond the end')
  return bytes.subarray(start, start + length)
}

function items(bytes: Buffer, start: number, length: number): { value: Cbor[]; end: number } {
  const value: Cbor[] = []
  let end = start
  for (let i = 0; i < length; i++) {
    const item = decodeCbor(bytes, end)
    value.push(item.value)
    end = item.end
  }
  return { value, end }
}

function map(bytes: Buffer, start: number, length: number): { value: Cbor; end: number } {
  const flat = items(bytes, start, length * 2)
  const value: { [key: string]: Cbor } = {}
  for (let i = 0; i < flat.value.length; i += 2) value[String(flat.value[i])] = flat.value[i + 1] as Cbor
  return { value, end: flat.end }
}

function argumentAt(bytes: Buffer, at: number, minor: number): { value: number | bigint; end: number } {
  if (minor < 24) return { value: minor, end: at + 1 }
  if (minor === 24) return { value: bytes.readUInt8(at + 1), end: at + 2 }
  if (minor === 25) return { value: bytes.readUInt16BE(at + 1), end: at + 3 }
  if (minor === 26) return { value: bytes.readUInt32BE(at + 1), end: at + 5 }
  if (minor !== 27) throw new RangeError(`an argument of kind ${minor}`)
  const wide = bytes.readBigUInt64BE(at + 1)
  return { value: wide <= Number.MAX_SAFE_INTEGER ? Number(wide) : wide, end: at + 9 }
}

function simple(bytes: Buffer, at: number, minor: number): { value: Cbor; end: number } {
  if (minor === 20 || minor === 21) return { value: minor === 21, end: at + 1 }
  if (minor === 22) return { value: null, end: at + 1 }
  if (minor === 27) return { value: bytes.readDoubleBE(at + 1), end: at + 9 }
  throw new RangeError(`a simple value of kind ${minor}`)
}
