const blockBytes = 1 << 17

/** A zstd frame of so many zero bytes in run-length blocks of four bytes each (RFC 8878 §3.1.1). */
export function zstdBomb(bytes: number): Buffer {
  // No single segment, no content size: a window of 128 KiB (exponent 7, mantissa 0).
  const frame = [Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x38])]
  for (let at = 0; at < bytes; at += blockBytes) {
    const last = at + blockBytes >= bytes ? 1 : 0
    const header = (Math.min(blockBytes, bytes - at) << 3) | (1 << 1) | last
    frame.push(Buffer.from([header & 0xff, (header >> 8) & 0xff, (header >> 16) & 0xff, 0]))
  }
  return Buffer.concat(frame)
}
