/** Of all rooms that wait for their next use. */
const mostBytes = 4 * 1024 * 1024
const mostEach = 16
const leastBytes = 2048

/**
 * Memory in which bodies grow, to be used again and again: buffers that live for a moment only, and by the thousand, would be
 * collected much later than they are given up.
 */
export class Rooms {
  readonly #bySize = new Map<number, Buffer[]>()
  #bytes = 0

  take(size: number): Buffer {
    const room = this.#bySize.get(size)?.pop()
    if (!room) return Buffer.allocUnsafeSlow(size)
    this.#bytes -= size
    return room
  }

  /** Nobody may look at it any more. */
  giveBack(room: Buffer): void {
    const { length } = room
    const alike = this.#bySize.get(length) ?? []
    // Of other sizes nobody ever asks for the same again.
    if (
      length < leastBytes ||
      !isPowerOfTwo(length) ||
      alike.length >= mostEach ||
      this.#bytes + length > mostBytes
    )
      return
    alike.push(room)
    this.#bySize.set(length, alike)
    this.#bytes += length
  }
}

function isPowerOfTwo(size: number): boolean {
  return (size & (size - 1)) === 0
}
