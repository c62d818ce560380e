/** Every decoder must take windows of this size (RFC 8878 §3.1.1.1.2). */
const maxWindowBytes = 8 << 20
/** fzstd moves its whole window for each block: this much is moved in about a second. */
const maxMovedBytes = 8 * 2 ** 30
/** The longest header of a frame. */
const maxHeadBytes = 18
const blockHeadBytes = 3
const skippableHeadBytes = 8

/** Walks over the frames and blocks of a zstd stream as it comes, ahead of a decoder that has no bounds of its own. */
export class ZstdFrames {
  #rest: Buffer = Buffer.alloc(0)
  /** Of a block, a checksum or a frame that is passed over. */
  #skip = 0
  #frame: { windowBytes: number; checksumBytes: number } | null = null
  #movedBytes = 0

  /** False: to decode these bytes would take more memory or time than their content is worth. */
  allows(bytes: Uint8Array): boolean {
    let all = this.#rest.length === 0 ? Buffer.from(bytes) : Buffer.concat([this.#rest, bytes])
    for (;;) {
      const skipped = Math.min(this.#skip, all.length)
      this.#skip -= skipped
      all = all.subarray(skipped)
      const took = this.#frame ? this.#block(all) : this.#head(all)
      if (took === 0 || this.#movedBytes > maxMovedBytes) break
      all = all.subarray(took)
    }
    this.#rest = Buffer.from(all)
    return this.#movedBytes <= maxMovedBytes
  }

  /** The bytes of a block's header; 0 as long as they are not there. */
  #block(bytes: Buffer): number {
    if (bytes.length < blockHeadBytes || !this.#frame) return 0
    const head = bytes.readUIntLE(0, blockHeadBytes)
    const isRun = ((head >> 1) & 3) === 1
    this.#skip = isRun ? 1 : head >> 3
    this.#movedBytes += this.#frame.windowBytes
    if (head & 1) {
      this.#skip += this.#frame.checksumBytes
      this.#frame = null
    }
    return blockHeadBytes
  }

  #head(bytes: Buffer): number {
    if (bytes.length < maxHeadBytes) return 0
    if (bytes.readUInt32LE(0) >>> 4 === 0x184d2a5) {
      this.#skip = bytes.readUInt32LE(4)
      return skippableHeadBytes
    }
    const descriptor = bytes.readUInt8(4)
    const single = (descriptor >> 5) & 1
    const dictionaryBytes = [0, 1, 2, 4][descriptor & 3] as number
    const sizeBytes = [single, 2, 4, 8][descriptor >> 6] as number
    const sizeAt = 6 - single + dictionaryBytes
    const window = bytes.readUInt8(5)
    const base = 2 ** (10 + (window >> 3))
    const windowBytes = single ? littleEndian(bytes, sizeAt, sizeBytes) : base + (base / 8) * (window & 7)
    if (windowBytes > maxWindowBytes) this.#movedBytes = Number.POSITIVE_INFINITY
    this.#frame = { windowBytes, checksumBytes: descriptor & 4 }
    return sizeAt + sizeBytes
  }
}

function littleEndian(bytes: Buffer, at: number, length: number): number {
  let value = 0
  for (let i = length - 1; i >= 0; i--) value = value * 256 + (bytes[at + i] ?? 0)
  return value
}
