/** Smaller bodies go out in one write with the head; only larger ones are worth letting go. */
const letGoFromBytes = 65_536

/**
 * A request body that can be let go while its answer is still coming: undici keeps what it was given until the
 * answer's end, so it is given this, and reads the bytes from it when the connection stands.
 */
export class RequestBody implements Iterable<Uint8Array> {
  private bytes: Uint8Array | null

  constructor(bytes: Uint8Array) {
    this.bytes = bytes
  }

  *[Symbol.iterator](): Generator<Uint8Array> {
    if (this.bytes) yield this.bytes
  }

  letGo(): void {
    this.bytes = null
  }
}

/** What to send for these bytes. */
export function requestBody(bytes: Uint8Array): Uint8Array | RequestBody {
  return bytes.length < letGoFromBytes ? bytes : new RequestBody(bytes)
}
