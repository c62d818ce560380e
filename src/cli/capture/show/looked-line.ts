import { countText } from '../../numbers.ts'
import { bytesText } from '../inspect/shown.ts'

export interface LookedIn {
  file: string | null
  place: string
  files: number
  bytes: number
  leftOut: number
  /** Somebody asked for this place. */
  isNamed: boolean
}

/** Where an exchange was looked for in captures, in one line; null: there are no captures, of which nobody spoke. */
export function lookedLine({ file, place, files, bytes, leftOut, isNamed }: LookedIn): string | null {
  if (file !== null) return `captured in ${file}`
  if (files === 0) return isNamed ? `no capture in ${place} may have it` : null
  const looked = `not in ${files === 1 ? 'the capture' : `${countText(files)} captures`} of ${place} that may have it`
  const rest =
    leftOut > 0
      ? `; ${countText(leftOut)} older not looked at after ${bytesText(bytes)} (--capture FILE)`
      : ''
  return looked + rest
}
