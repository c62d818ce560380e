import type { Json, JsonObject } from '../../core/json.ts'
import { skipSpace, valueEnd } from './json-ends.ts'

const noBytes = Buffer.alloc(0)

/** An element of a list; both places count from the list's beginning. */
interface ListElement {
  start: number
  end: number
  value: Json
}

interface Member {
  key: string
  start: number
  end: number
  value: Json
  /** Of a list. */
  elements: readonly ListElement[] | null
}

/** An object that stands in one of a body's lists, and where. */
export interface Placed {
  value: object
  start: number
  end: number
}

/**
 * A request's body, an object, with what stands where in it. A conversation's requests say again all that was said before
 * them: what stands byte for byte in the same list of a body that was read already is the very same value here.
 */
export class ReadBody {
  /** Lent where it was read; its own once it was moved. */
  bytes: Buffer
  readonly json: JsonObject = {}
  readonly #members: Member[] = []
  /** Something stands in its lists that stands in none of another body. */
  hasNewElement = false

  private constructor(bytes: Buffer) {
    this.bytes = bytes
  }

  /** Null for what is no JSON object. `near` are bodies that may be alike, the likeliest first. */
  static of(bytes: Buffer, near: readonly ReadBody[]): ReadBody | null {
    const body = new ReadBody(bytes)
    try {
      return body.#read(near) ? body : null
    } catch {
      // A part is no JSON: nor is the whole.
      return null
    }
  }

  /** Copies its bytes, to where another's are that nobody needs any more if there is room for them. */
  moveTo(room: Buffer | null): void {
    const { length } = this.bytes
    const capacity = room ? room.buffer.byteLength : 0
    const own = room && capacity >= length ? room.buffer : new ArrayBuffer(Math.ceil(length * 1.25))
    const bytes = Buffer.from(own, 0, length)
    bytes.set(this.bytes)
    this.bytes = bytes
  }

  /** Nothing will be compared with it. */
  leaveBytes(): void {
    this.bytes = noBytes
  }

  /** All that the other's lists have stands in this one's too. */
  growsFrom(other: ReadBody): boolean {
    return other.#members.every(({ key, elements }) => {
      const own = this.#find(key)?.elements
      return elements === null || elements.every(({ value }, at) => value === own?.[at]?.value)
    })
  }

  /** Objects in lists, in their order. */
  *placed(): Iterable<Placed> {
    for (const { start: base, elements } of this.#members) {
      for (const { value, start, end } of elements ?? []) {
        if (isNested(value)) yield { value, start: base + start, end: base + end }
      }
    }
  }

  #read(near: readonly ReadBody[]): boolean {
    const { bytes } = this
    const hasMark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf
    let at = skipSpace(bytes, hasMark ? 3 : 0)
    if (bytes[at] !== 0x7b) return false
    at = skipSpace(bytes, at + 1)
    if (bytes[at] !== 0x7d) {
      for (at = this.#member(at, near); bytes[at] === 0x2c; ) {
        at = this.#member(skipSpace(bytes, at + 1), near)
      }
    }
    return bytes[at] === 0x7d && skipSpace(bytes, at + 1) === bytes.length
  }

  /** Where what follows the member begins. Throws where there is none. */
  #member(at: number, near: readonly ReadBody[]): number {
    const { bytes } = this
    const keyEnd = valueEnd(bytes, at)
    const key: unknown = JSON.parse(bytes.toString('utf8', at, keyEnd))
    const colon = skipSpace(bytes, keyEnd)
    if (typeof key !== 'string' || key === '__proto__' || bytes[colon] !== 0x3a) throw new SyntaxError()
    const start = skipSpace(bytes, colon + 1)
    const member = this.#known(key, start, near) ?? this.#fresh(key, start, near)
    this.#members.push(member)
    this.json[key] = member.value
    return skipSpace(bytes, member.end)
  }

  /** The same value as in another body; of lists, objects and texts, of which the same bytes are all. */
  #known(key: string, start: number, near: readonly ReadBody[]): Member | null {
    const first = this.bytes[start]
    if (first !== 0x5b && first !== 0x7b && first !== 0x22) return null
    for (const other of near) {
      const member = other.#find(key)
      const length = member ? member.end - member.start : 0
      if (member && this.#isAlike(start, other, member, length))
        return { ...member, start, end: start + length }
    }
    return null
  }

  #fresh(key: string, start: number, near: readonly ReadBody[]): Member {
    const { bytes } = this
    if (bytes[start] === 0x5b) return this.#list(key, start, near)
    const end = valueEnd(bytes, start)
    return { key, start, end, value: JSON.parse(bytes.toString('utf8', start, end)), elements: null }
  }

  #list(key: string, start: number, near: readonly ReadBody[]): Member {
    const { bytes } = this
    const elements = this.#begunAlike(key, start, near)
    let at = skipSpace(bytes, start + (elements.at(-1)?.end ?? 1))
    if (elements.length === 0 && bytes[at] !== 0x5d) at = this.#element(start, at, elements)
    while (bytes[at] === 0x2c) at = this.#element(start, skipSpace(bytes, at + 1), elements)
    if (bytes[at] !== 0x5d) throw new SyntaxError()
    return { key, start, end: at + 1, value: elements.map(({ value }) => value), elements }
  }

  #element(base: number, at: number, into: ListElement[]): number {
    const { bytes } = this
    const end = valueEnd(bytes, at)
    const value: Json = JSON.parse(bytes.toString('utf8', at, end))
    this.hasNewElement = true
    into.push({ start: at - base, end: end - base, value })
    return skipSpace(bytes, end)
  }

  /** The elements with which another body's list begins in the same way. */
  #begunAlike(key: string, start: number, near: readonly ReadBody[]): ListElement[] {
    let most: readonly ListElement[] = []
    for (const other of near) {
      const member = other.#find(key)
      if (!member?.elements || member.elements.length <= most.length) continue
      const count = this.#countAlike(start, other, member, member.elements)
      if (count > most.length) most = member.elements.slice(0, count)
    }
    return [...most]
  }

  #countAlike(start: number, other: ReadBody, member: Member, elements: readonly ListElement[]): number {
    const isAlike = (count: number) => this.#isAlike(start, other, member, elements[count - 1]?.end ?? 0)
    let low = 0
    let high = elements.length
    // Mostly the conversation only grew.
    if (isAlike(high)) low = high
    while (low < high) {
      const middle = (low + high) >> 1
      if (middle > low && !isAlike(middle)) high = middle
      else if (middle === low) break
      else low = middle
    }
    // Of a number one cannot tell that it ends here.
    while (low > 0 && !isNested(elements[low - 1]?.value)) low--
    return low
  }

  #isAlike(start: number, other: ReadBody, { start: from }: Member, length: number): boolean {
    const { bytes } = this
    if (start + length > bytes.length) return false
    return bytes.compare(other.bytes, from, from + length, start, start + length) === 0
  }

  #find(key: string): Member | undefined {
    return this.#members.findLast((member) => member.key === key)
  }
}

function isNested(value: Json | undefined): value is Json[] | JsonObject {
  return typeof value === 'object' && value !== null
}
