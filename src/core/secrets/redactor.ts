import type { Finding, KnownValues } from './known-values.ts'
import { openWordFrom } from './open-word.ts'

/**
 * Redacts a stream of bytes. What comes out has the lengths and boundaries of what went in; a chunk whose end
 * may be the beginning of a secret comes out with a later one, at the latest 16 KiB on. Chunks are only looked
 * at; one without a secret that need not wait comes back as it is, still lent.
 */
export interface Redactor {
  push(bytes: Uint8Array): Uint8Array[]
  end(): Uint8Array[]
}

/** No secret that came in a header is longer than the headers may be. */
const maxWaitingBytes = 16 * 1024

/**
 * `overwritten` gives the bytes with the findings, and what looks like a key before `end`, overwritten: the
 * same buffer if there was nothing, else a copy.
 */
export function redactor<Label>(
  values: KnownValues<Label>,
  overwritten: (bytes: Buffer, findings: readonly Finding<Label>[], end: number) => Buffer,
): Redactor {
  let waiting: Buffer = Buffer.alloc(0)
  const lengths: number[] = []

  /** Where what is not yet decided begins. No finding reaches across it. */
  function openFrom(bytes: Buffer, findings: readonly Finding<Label>[]): number {
    const earliest = bytes.length - maxWaitingBytes
    const undecided = Math.min(values.openFrom(bytes), openWordFrom(bytes))
    // Never within a word: what is recognised by its looks must be looked at whole.
    const open = Math.max(earliest, openWordFrom(bytes.subarray(0, undecided)))
    return findings.find((finding) => finding.start < open && finding.end > open)?.start ?? open
  }

  function take(bytes: Buffer, ended: boolean): Uint8Array[] {
    const findings = values.find(bytes)
    const open = ended ? bytes.length : openFrom(bytes, findings)
    const decided = findings.filter((finding) => finding.end <= open)
    const clean = overwritten(bytes, decided, open)
    const chunks: Uint8Array[] = []
    let at = 0
    while (lengths.length > 0 && at + (lengths[0] ?? 0) <= open) {
      const end = at + (lengths.shift() ?? 0)
      chunks.push(clean.subarray(at, end))
      at = end
    }
    waiting = Buffer.from(clean.subarray(at))
    return chunks
  }

  return {
    push(bytes) {
      const lent = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
      lengths.push(bytes.length)
      return take(waiting.length === 0 ? lent : Buffer.concat([waiting, lent]), false)
    },
    end: () => take(waiting, true),
  }
}
