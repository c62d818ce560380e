import type { Citation } from '../../../core/call.ts'
import type { StopReason } from '../../../core/event.ts'
import type { JsonObject } from '../../../core/json.ts'
import type { AnswerAbout } from '../../../core/protocol.ts'

const finishReasons: Readonly<Record<StopReason, string>> = {
  stop: 'STOP',
  tool: 'STOP',
  length: 'MAX_TOKENS',
  filter: 'SAFETY',
  pause: 'STOP',
  error: 'OTHER',
}

export function finishReason(reason: StopReason): string {
  return finishReasons[reason]
}

export function responseId({ exchangeId }: AnswerAbout): string {
  return exchangeId.replace(/^x_/, '')
}

/** `citationMetadata`; places are counted in UTF-8 bytes of the text. Those without a URL have no place there. */
export function citationMetadata(citations: readonly Citation[], text: string): JsonObject | undefined {
  const citationSources = citations.flatMap(({ url, title, start, end }) => {
    if (url === null) return []
    const stretch = end === null ? {} : { startIndex: bytes(text, start ?? 0), endIndex: bytes(text, end) }
    return [{ ...stretch, uri: url, ...(title !== null && { title }) }]
  })
  return citationSources.length === 0 ? undefined : { citationMetadata: { citationSources } }
}

function bytes(text: string, units: number): number {
  return Buffer.byteLength(text.slice(0, units))
}
