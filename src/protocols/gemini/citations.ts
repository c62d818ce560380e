import type { Citation } from '../../core/call.ts'
import type { Event } from '../../core/event.ts'
import {
  arrayAt,
  isObject,
  type Json,
  type JsonObject,
  numberAt,
  objectAt,
  stringAt,
} from '../../core/json.ts'
import { filled, hasSubstance } from '../substance.ts'

/** The places in longer texts are not told: what is kept to count them must not fill the memory. */
const maxTextLength = 1 << 20
const maxCitations = 1000

/**
 * Follows what one candidate cites: each source once, though its metadata is repeated in every chunk. Places are told
 * from the start of the candidate's whole text, as Gemini counts them, but in UTF-16 units and not in UTF-8 bytes.
 */
export class Citations {
  readonly #choice: { choice?: number }
  readonly #seen = new Set<string>()
  #text = ''
  #bytes: Buffer | undefined

  constructor(choice: number) {
    this.#choice = choice === 0 ? {} : { choice }
  }

  read(candidate: JsonObject, parts: Json | undefined, events: Event[]): void {
    this.#follow(parts)
    const grounding = objectAt(candidate, 'groundingMetadata')
    for (const citation of this.#grounded(grounding)) this.#push(citation, events)
    const cited = objectAt(candidate, 'citationMetadata')
    // The second name is Vertex AI's.
    for (const source of arrayAt(cited, 'citationSources') ?? arrayAt(cited, 'citations') ?? []) {
      this.#push(this.#cited(source), events)
    }
    for (const kind of consulted(grounding, objectAt(candidate, 'urlContextMetadata'))) {
      if (this.#seen.has(kind)) continue
      this.#seen.add(kind)
      events.push({ type: 'server_tool', kind, text: '', ...this.#choice })
    }
  }

  #follow(parts: Json | undefined): void {
    for (const part of Array.isArray(parts) ? parts : []) {
      const text = isObject(part) && part.thought !== true ? stringAt(part, 'text') : undefined
      if (text !== undefined && this.#text.length < maxTextLength) this.#text += text
    }
    this.#bytes = undefined
  }

  #push(citation: Citation, events: Event[]): void {
    const key = JSON.stringify(citation)
    if (this.#seen.has(key) || this.#seen.size >= maxCitations) return
    this.#seen.add(key)
    events.push({ type: 'citation', citation, ...this.#choice })
  }

  /** Each supported stretch of the text with each of its sources; a source that supports none goes alone. */
  #grounded(grounding: JsonObject | undefined): Citation[] {
    const chunks = arrayAt(grounding, 'groundingChunks') ?? []
    const used = new Set<number>()
    const supported = (arrayAt(grounding, 'groundingSupports') ?? []).flatMap((support) => {
      const segment = objectAt(support, 'segment')
      const stretch = this.#stretch(numberAt(segment, 'startIndex'), numberAt(segment, 'endIndex'))
      return (arrayAt(support, 'groundingChunkIndices') ?? []).flatMap((index) => {
        if (typeof index !== 'number' || chunks[index] === undefined) return []
        used.add(index)
        return [{ ...sourceOf(chunks[index]), ...stretch }]
      })
    })
    const alone = chunks.filter((_chunk, index) => !used.has(index))
    return [...supported, ...alone.map((chunk) => ({ ...sourceOf(chunk), start: null, end: null }))]
  }

  #cited(source: Json): Citation {
    const stretch = this.#stretch(numberAt(source, 'startIndex'), numberAt(source, 'endIndex'))
    const url = stringAt(source, 'uri') ?? null
    return { url, title: stringAt(source, 'title') ?? null, quote: null, ...stretch }
  }

  #stretch(start: number | undefined, end: number | undefined): { start: number | null; end: number | null } {
    if (end === undefined || this.#text.length >= maxTextLength) return { start: null, end: null }
    this.#bytes ??= Buffer.from(this.#text)
    const bytes = this.#bytes
    const units = (at: number) => bytes.toString('utf8', 0, Math.max(0, at)).length
    return { start: units(start ?? 0), end: units(end) }
  }
}

/** What the provider looked at for the answer. Streams begin with empty metadata, which says nothing. */
function consulted(grounding: JsonObject | undefined, pages: JsonObject | undefined): string[] {
  const chunks = arrayAt(grounding, 'groundingChunks') ?? []
  const searched =
    hasSubstance(grounding?.webSearchQueries) || chunks.some((chunk) => objectAt(chunk, 'web') !== undefined)
  const read = chunks.some((chunk) => objectAt(chunk, 'retrievedContext') !== undefined)
  return [
    ...(hasSubstance(pages) ? ['web_fetch'] : searched ? ['web_search'] : []),
    ...(read ? ['file_search'] : []),
  ]
}

function sourceOf(chunk: Json): Pick<Citation, 'url' | 'title' | 'quote'> {
  const source =
    objectAt(chunk, 'web') ??
    objectAt(chunk, 'retrievedContext') ??
    objectAt(chunk, 'maps') ??
    objectAt(chunk, 'image')
  return {
    url: filled(source?.uri) ?? filled(source?.sourceUri) ?? null,
    title: filled(source?.title) ?? filled(source?.documentName) ?? null,
    quote: filled(source?.text) ?? null,
  }
}
