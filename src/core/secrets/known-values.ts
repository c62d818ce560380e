import { encodedForms } from './encoded-forms.ts'

/** A stretch of bytes that has to be overwritten, and with what. */
export interface Finding<Label> {
  start: number
  end: number
  label: Label
}

/** Secrets that this process knows, found in bytes in one pass however many they are. */
export interface KnownValues<Label> {
  readonly size: number
  add(secret: string, label: Label): void
  remove(secret: string): void
  labelOf(secret: string): Label | undefined
  /** False: none stands in the text. Looks only, for nearly no text has one. */
  mayStandIn(text: string): boolean
  /** In order, without overlaps. */
  find(bytes: Uint8Array): Finding<Label>[]
  /** Where the end of `bytes` may be the beginning of a secret; its length if it cannot be. */
  openFrom(bytes: Uint8Array): number
}

interface Needle<Label> {
  bytes: Uint8Array
  label: Label
}

const filterBits = 18
/**
 * How many needles are compared at one place. Chance does not make so many end alike; who does could make each
 * byte cost all of them, so further ones are not searched for.
 */
const maxAlike = 32

/**
 * Needles are looked up by their last four bytes: keys of one provider all begin alike, but end at random.
 * A filter of hashes keeps the map out of the loop. Filters only ever fill: a removed secret costs a look-up.
 */
export function knownValues<Label>(): KnownValues<Label> {
  const needlesBySecret = new Map<string, Needle<Label>[]>()
  const byTail = new Map<number, Set<Needle<Label>>>()
  const byHead = new Map<number, Set<Needle<Label>>>()
  const tailFilter = new Uint8Array(1 << filterBits)
  const firstBytes = new Uint8Array(256)
  let longest = 0

  function index(needle: Needle<Label>): void {
    const tail = fourBytes(needle.bytes, needle.bytes.length - 4)
    tailFilter[hash(tail)] = 1
    firstBytes[needle.bytes[0] ?? 0] = 1
    longest = Math.max(longest, needle.bytes.length)
    if ((byTail.get(tail)?.size ?? 0) < maxAlike) append(byTail, tail, needle)
    append(byHead, fourBytes(needle.bytes, 0), needle)
  }

  function collectEnding(findings: Finding<Label>[], bytes: Uint8Array, end: number, tail: number): void {
    for (const needle of byTail.get(tail) ?? []) {
      if (!endsAt(needle.bytes, bytes, end)) continue
      findings.push({ start: end - needle.bytes.length, end, label: needle.label })
    }
  }

  function opens(bytes: Uint8Array, start: number): boolean {
    if (firstBytes[bytes[start] ?? 0] === 0) return false
    if (bytes.length - start < 4) return true
    const length = bytes.length - start
    const alike = byHead.get(fourBytes(bytes, start))
    if (alike === undefined || alike.size > maxAlike) return alike !== undefined
    for (const needle of alike) {
      if (needle.bytes.length > length && sameAt(needle.bytes, bytes, start, length)) return true
    }
    return false
  }

  return {
    get size() {
      return needlesBySecret.size
    },
    add(secret, label) {
      if (needlesBySecret.has(secret)) return
      const needles = encodedForms(secret).map((bytes) => ({ bytes, label }))
      needlesBySecret.set(secret, needles)
      for (const needle of needles) index(needle)
    },
    remove(secret) {
      for (const needle of needlesBySecret.get(secret) ?? []) {
        drop(byTail, fourBytes(needle.bytes, needle.bytes.length - 4), needle)
        drop(byHead, fourBytes(needle.bytes, 0), needle)
      }
      needlesBySecret.delete(secret)
    },
    labelOf: (secret) => needlesBySecret.get(secret)?.[0]?.label,
    mayStandIn(text) {
      let lastFour = 0
      for (let at = 0; at < text.length; at++) {
        const code = text.charCodeAt(at)
        // More than one byte.
        if (code > 0x7f) return true
        lastFour = (lastFour << 8) | code
        if (tailFilter[hash(lastFour)] === 1) return true
      }
      return false
    },
    find(bytes) {
      const findings: Finding<Label>[] = []
      let lastFour = 0
      for (let end = 1; end <= bytes.length; end++) {
        lastFour = (lastFour << 8) | (bytes[end - 1] ?? 0)
        if (tailFilter[hash(lastFour)] === 1) collectEnding(findings, bytes, end, lastFour)
      }
      return findings.length > 1 ? merged(findings) : findings
    },
    openFrom(bytes) {
      for (let start = Math.max(0, bytes.length - longest + 1); start < bytes.length; start++) {
        if (opens(bytes, start)) return start
      }
      return bytes.length
    },
  }
}

/** Findings that overlap become one, labelled as the longest of them. */
function merged<Label>(findings: Finding<Label>[]): Finding<Label>[] {
  findings.sort((a, b) => a.start - b.start || b.end - a.end)
  const result: Finding<Label>[] = []
  let longest = 0
  for (const { start, end, label } of findings) {
    const last = result.at(-1)
    if (last === undefined || start >= last.end) {
      result.push({ start, end, label })
      longest = end - start
      continue
    }
    if (end - start > longest) {
      last.label = label
      longest = end - start
    }
    last.end = Math.max(last.end, end)
  }
  return result
}

function fourBytes(bytes: Uint8Array, at: number): number {
  const high = ((bytes[at] ?? 0) << 24) | ((bytes[at + 1] ?? 0) << 16)
  return high | ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0)
}

function hash(four: number): number {
  return Math.imul(four, 0x9e3779b1) >>> (32 - filterBits)
}

function endsAt(needle: Uint8Array, bytes: Uint8Array, end: number): boolean {
  return needle.length <= end && sameAt(needle, bytes, end - needle.length, needle.length)
}

function sameAt(needle: Uint8Array, bytes: Uint8Array, start: number, length: number): boolean {
  for (let i = length - 1; i >= 0; i--) if (needle[i] !== bytes[start + i]) return false
  return true
}

function append<Value>(map: Map<number, Set<Value>>, key: number, value: Value): void {
  const values = map.get(key)
  if (values) values.add(value)
  else map.set(key, new Set([value]))
}

function drop<Value>(map: Map<number, Set<Value>>, key: number, value: Value): void {
  const values = map.get(key)
  values?.delete(value)
  if (values?.size === 0) map.delete(key)
}
