import type { Recovered } from '../../../capture/reader/recover.ts'
import { countText } from '../../numbers.ts'
import { bytesText } from '../inspect/shown.ts'

/** What was copied, and what was not. */
export function recoveredLines({ frames, bytes, leftOut, leftOutBytes }: Recovered, to: string): string[] {
  const copied = `copied ${countText(frames)} frames (${bytesText(bytes)}) to ${to}`
  if (leftOut.length === 0) return [`${copied}: all there was`]
  const places = leftOut.length === 1 ? 'one place' : `${countText(leftOut.length)} places`
  return [`${copied}; left out ${countText(leftOutBytes)} bytes in ${places}`]
}
