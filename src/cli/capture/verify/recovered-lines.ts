import type { Recovered } from '../../../capture/reader/recover.ts'
import { printable } from '../../../core/printable.ts'
import { countText } from '../../numbers.ts'
import { bytesText, shellArgument } from '../inspect/shown.ts'
import { byteCount } from './file-lines.ts'

/** What was copied, and what was not. */
export function recoveredLines({ frames, bytes, leftOut, leftOutBytes }: Recovered, to: string): string[] {
  const copied = printable(`copied ${countText(frames)} frames (${bytesText(bytes)}) to ${to}`)
  if (leftOut.length === 0) return [`${copied}: all there was`]
  const places = leftOut.length === 1 ? 'one place' : `${countText(leftOut.length)} places`
  return [
    `${copied}; left out ${byteCount(leftOutBytes)} in ${places}`,
    printable(`what exchanges lack of it: llmproxy capture verify${shellArgument(to)}`),
  ]
}
