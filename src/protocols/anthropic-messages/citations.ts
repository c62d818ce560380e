import type { Citation } from '../../core/call.ts'
import type { JsonObject } from '../../core/json.ts'
import { filled } from '../substance.ts'
import { sealState } from '../translation/reasoning-state.ts'

/** Where each of the kinds says what it cites; only a web search cites an address. */
const titleKeys = ['title', 'document_title'] as const

/** A citation of any kind, without its place in the answer. */
export function readCitation(citation: JsonObject): Citation {
  const title = titleKeys.map((key) => filled(citation[key])).find((text) => text !== undefined)
  return {
    url: filled(citation.url) ?? null,
    title: title ?? null,
    quote: filled(citation.cited_text) ?? null,
    start: null,
    end: null,
  }
}

/**
 * A citation of an address as Anthropic's web search writes it; undefined without one. Its index is a seal of
 * ours: Anthropic takes only its own, and what is sealed is taken out before a request goes there.
 */
export function writeCitation(
  { url, title, quote }: Citation,
  source: { protocol: Parameters<typeof sealState>[0]['protocol']; model: string },
): JsonObject | undefined {
  if (url === null) return undefined
  return {
    type: 'web_search_result_location',
    cited_text: quote ?? '',
    encrypted_index: sealState({ ...source, kind: 'encrypted', data: '' }),
    title,
    url,
  }
}
