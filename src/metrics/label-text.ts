import { createHash } from 'node:crypto'
import { printable } from '../core/printable.ts'

/** Escaped it may become twice as long; all series together must stay below 2 MB. */
const mostBytes = 100

/** Text from outside as a label's value: nothing that forges a line, at most 100 bytes of UTF-8, and two long ones not alike. */
export function labelText(text: string): string {
  // Bytes are never fewer than characters.
  const shown = printable(text.length > mostBytes ? text.slice(0, mostBytes) : text)
  if (text.length <= mostBytes && Buffer.byteLength(shown) <= mostBytes) return shown
  const end = `…${createHash('sha256').update(text).digest('hex').slice(0, 8)}`
  let cut = ''
  let length = Buffer.byteLength(end)
  for (const character of shown) {
    length += Buffer.byteLength(character)
    if (length > mostBytes) break
    cut += character
  }
  return cut + end
}
