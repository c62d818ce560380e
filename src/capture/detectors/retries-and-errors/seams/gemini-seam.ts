import { arrayAt, stringAt } from '../../../../core/json.ts'
import type { SeamFollower } from './seam-follower.ts'

/** Another response id before a finish reason. */
export function geminiSeam(): SeamFollower {
  let open: string | null = null
  return (chunk) => {
    const candidates = arrayAt(chunk, 'candidates')
    const id = stringAt(chunk, 'responseId')
    if (!candidates || !id) return null
    if (open !== null && open !== id) return { what: 'another response began', first: open, second: id }
    open = candidates.some((candidate) => stringAt(candidate, 'finishReason')) ? null : id
    return null
  }
}
