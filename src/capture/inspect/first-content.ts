import { isContent } from '../../core/event.ts'
import { legView } from '../view/leg.ts'
import { protocolOfUrl } from '../view/protocol-of.ts'
import { readAnswer } from '../view/read-answer.ts'
import type { AttemptView, LegView } from '../view/view.ts'

/** Most streams say their first word in the first of these many chunks. */
const firstLook = 8

/**
 * When the first content of a streamed answer came, in nanoseconds since 1970; null for whole answers and where none
 * came. Reads no more of it than it must: an answer of megabytes has its first word in its first chunks.
 */
export function firstContentNs({ btp, ptb, protocol }: AttemptView): number | null {
  if (!btp || (btp.status ?? 200) >= 300) return null
  const spoken = protocol ?? protocolOfUrl(ptb?.url ?? null)
  for (let count = firstLook; ; count *= 8) {
    const found = firstIn(btp, spoken, count)
    if (found !== undefined || count >= btp.chunks.length) return found ?? null
  }
}

/** Undefined: not in so many chunks. */
function firstIn(btp: LegView, protocol: string | null, count: number): number | null | undefined {
  const chunks = btp.chunks.slice(0, count)
  const reading = readAnswer(legView({ ...btp, chunks }), protocol)
  if (!reading.isStream) return null
  return reading.events.find(({ event }) => isContent(event))?.atNs
}
