import { isUtf8 } from 'node:buffer'
import { printable } from '../../core/printable.ts'

/** Content in a fence that is longer than any row of backticks in it, so that nothing in it ends the block. */
export function fenced(content: string | Uint8Array, language = ''): string {
  const text = typeof content === 'string' ? content : bytesText(content)
  const fence = '`'.repeat(Math.max(3, longestRow(text) + 1))
  return `${fence}${language}\n${text}${text.endsWith('\n') ? '' : '\n'}${fence}`
}

/** A word or a line of text amid ours, nothing of which is markup. */
export function codeSpan(content: string): string {
  const text = printable(content, 200)
  const row = '`'.repeat(longestRow(text) + 1)
  // Spaces keep a backtick at its edge apart; of an empty one nothing would be seen.
  return text === '' ? '(empty)' : /^`|`$|^ .* $/.test(text) ? `${row} ${text} ${row}` : `${row}${text}${row}`
}

function longestRow(text: string): number {
  let longest = 0
  for (const [row] of text.matchAll(/`+/g)) longest = Math.max(longest, row.length)
  return longest
}

function bytesText(body: Uint8Array): string {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.length)
  return isUtf8(bytes) ? bytes.toString() : `${bytes.length} bytes that are no text`
}
