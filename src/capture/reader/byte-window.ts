/** Of a window of which nobody knows yet how much there is to read. */
const smallBytes = 64 * 1024
/** One read's worth where there is much. */
const largeBytes = 1024 * 1024

/**
 * The stretch of a file that is in memory. What is cut out of `buffer` is lent: `room` overwrites it. Holds one read
 * beyond what a scanner waits for, so its size does not follow the file's.
 */
export class ByteWindow {
  buffer: Buffer = Buffer.alloc(0)
  /** Unread bytes stand from `start` to before `end`. */
  start = 0
  end = 0
  /** In the file, of `buffer[0]`. */
  base = 0
  /** So many unread bytes are needed to go on: more than there are. */
  wanted = 1
  /** Nothing more comes: what is cut off here stays so. */
  ended = false
  #readBytes = smallBytes

  /** In the file, of the first unread byte. */
  get offset(): number {
    return this.base + this.start
  }

  /** A stretch of the file, lent until the next read; null where it is not in memory. */
  at(offset: number, bytes: number): Buffer | null {
    const from = offset - this.base
    return from < 0 || from + bytes > this.end ? null : this.buffer.subarray(from, from + bytes)
  }

  /** Where to read into, never empty. */
  room(): Buffer {
    const unread = this.end - this.start
    const needed = this.wanted > this.#readBytes ? roomyBytes(this.wanted) : this.#readBytes
    if (this.buffer.length === needed) {
      if (this.start > 0) this.buffer.copyWithin(0, this.start, this.end)
    } else {
      const other = Buffer.allocUnsafeSlow(needed)
      this.buffer.copy(other, 0, this.start, this.end)
      this.buffer = other
    }
    this.base += this.start
    this.start = 0
    this.end = unread
    return this.buffer.subarray(unread)
  }

  /** So many bytes of the room were read into; 0: nothing more is there now. */
  filled(bytes: number): void {
    if (bytes === this.buffer.length - this.end) this.#readBytes = largeBytes
    else if (bytes === 0) this.#readBytes = smallBytes
    this.end += bytes
  }
}

/**
 * In steps, and with a read's room at least: what waits for a few bytes more at each place must not move all
 * each time.
 */
function roomyBytes(wanted: number): number {
  return (Math.ceil(wanted / largeBytes) + 1) * largeBytes
}
