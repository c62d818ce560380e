/** Where a member of the top-level object stands in the bytes; `valueEnd` is exclusive. */
export interface Place {
  key: string
  keyStart: number
  valueStart: number
  valueEnd: number
}

export interface JsonPlaces {
  /** Empty when the text is no object. */
  members: Place[]
  /** How many levels it nests. */
  depth: number
  /** The position of the closing brace; -1 when the text is no object. */
  objectEnd: number
}

const quote = 0x22
const backslash = 0x5c
const colon = 0x3a
const comma = 0x2c
const openBrace = 0x7b
const openBracket = 0x5b
const closeBrace = 0x7d
const closeBracket = 0x5d

/**
 * Finds the members of the top-level object in a JSON text that has already been parsed without error, so
 * that a value can be changed in place, and how deep it nests.
 */
export function jsonPlaces(bytes: Buffer): JsonPlaces {
  return new PlaceScanner(bytes).scan()
}

class PlaceScanner {
  private readonly bytes: Buffer
  private readonly found: JsonPlaces = { members: [], depth: 0, objectEnd: -1 }
  private depth = 0
  private inObject = false
  private key: { text: string; start: number } | undefined
  private valueStart = -1
  /** The end of the last token, exclusive. */
  private tokenEnd = 0

  constructor(bytes: Buffer) {
    this.bytes = bytes
  }

  scan(): JsonPlaces {
    let at = 0
    while (at < this.bytes.length) {
      const byte = this.bytes[at] as number
      if (byte <= 0x20) {
        at += 1
        continue
      }
      at = this.token(byte, at)
      this.tokenEnd = at
    }
    return this.found
  }

  /** Takes the token at `at`; returns where it ends. */
  private token(byte: number, at: number): number {
    if (byte === quote) return this.string(at)
    if (byte === openBrace || byte === openBracket) {
      this.enter(at, byte === openBrace)
    } else if (byte === closeBrace || byte === closeBracket) {
      this.leave(at)
    } else if (byte === comma) {
      if (this.depth === 1) this.closeMember()
    } else if (byte !== colon) {
      this.begin(at)
    }
    return at + 1
  }

  private enter(at: number, object: boolean): void {
    this.begin(at)
    if (this.depth === 0) this.inObject = object
    this.depth += 1
    if (this.depth > this.found.depth) this.found.depth = this.depth
  }

  private leave(at: number): void {
    this.depth -= 1
    if (this.depth > 0 || !this.inObject) return
    this.closeMember()
    this.found.objectEnd = at
  }

  private string(at: number): number {
    const end = stringEnd(this.bytes, at)
    if (this.depth === 1 && this.inObject && this.key === undefined) {
      this.key = { text: keyText(this.bytes, at, end), start: at }
    } else {
      this.begin(at)
    }
    return end
  }

  /** A value begins here, if it is a member's. */
  private begin(at: number): void {
    if (this.depth === 1 && this.valueStart < 0) this.valueStart = at
  }

  private closeMember(): void {
    if (this.key && this.valueStart >= 0) {
      const { text, start } = this.key
      this.found.members.push({
        key: text,
        keyStart: start,
        valueStart: this.valueStart,
        valueEnd: this.tokenEnd,
      })
    }
    this.key = undefined
    this.valueStart = -1
  }
}

/** Nearly all keys are as they stand. */
function keyText(bytes: Buffer, start: number, end: number): string {
  const text = bytes.toString('latin1', start + 1, end - 1)
  return /[^ !#-[\]-~]/.test(text) ? (JSON.parse(bytes.toString('utf8', start, end)) as string) : text
}

/** The index after the closing quote of the string that begins at `start`. */
function stringEnd(bytes: Buffer, start: number): number {
  let at = start + 1
  for (;;) {
    const end = bytes.indexOf(quote, at)
    if (end < 0) return bytes.length
    let slashes = 0
    while (bytes[end - 1 - slashes] === backslash) slashes += 1
    if (slashes % 2 === 0) return end + 1
    at = end + 1
  }
}
