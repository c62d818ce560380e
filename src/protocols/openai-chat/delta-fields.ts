import type { Citation, ReasoningState } from '../../core/call.ts'
import type { TokenLogprob } from '../../core/event.ts'
import {
  arrayAt,
  isObject,
  type Json,
  type JsonObject,
  numberAt,
  objectAt,
  stringAt,
} from '../../core/json.ts'
import { unsealed } from '../translation/reasoning-state.ts'
import { dataUrl } from '../translation/request-fields.ts'
import { signatureIn } from './signature-holder.ts'

/** The first choice goes without saying. */
export function choiceOf(choice: number): { choice?: number } {
  return choice === 0 ? {} : { choice }
}

/** A thought signature; chained proxies of this kind put a sealed state there. */
export function thoughtSignature(holder: JsonObject): Omit<ReasoningState, 'model'> | undefined {
  const data = signatureIn(holder)
  if (data === undefined) return undefined
  return unsealed(data) ?? { protocol: 'gemini', kind: 'thought_signature', data }
}

/** `annotations` and the search results of Perplexity's `citations`, which are bare URLs. */
export function citationsOf(annotations: Json): Citation[] {
  return (Array.isArray(annotations) ? annotations : []).flatMap((annotation) => {
    if (typeof annotation === 'string') return [bareCitation(annotation)]
    const cited = objectAt(annotation, 'url_citation')
    const url = stringAt(cited, 'url')
    if (url === undefined) return []
    const title = stringAt(cited, 'title') ?? null
    const quote = stringAt(cited, 'content') ?? null
    return [{ url, title, quote, ...stretch(cited) }]
  })
}

function bareCitation(url: string): Citation {
  return { url, title: null, quote: null, start: null, end: null }
}

/** Zeros at both ends are what providers send that know no place. */
function stretch(cited: JsonObject | undefined): { start: number | null; end: number | null } {
  const start = numberAt(cited, 'start_index') ?? null
  const end = numberAt(cited, 'end_index') ?? null
  return end === 0 ? { start: null, end: null } : { start, end }
}

/** Pictures of `images`, as OpenRouter sends them. */
export function imagesOf(images: Json): { mediaType: string; data: string }[] {
  return (Array.isArray(images) ? images : []).flatMap((image) => {
    const inline = dataUrl(stringAt(objectAt(image, 'image_url'), 'url') ?? '')
    return inline ? [inline] : []
  })
}

/** The log probabilities of a choice's tokens. */
export function logprobsOf(logprobs: Json | undefined): TokenLogprob[] {
  return (arrayAt(logprobs, 'content') ?? []).flatMap((entry) => {
    const token = tokenOf(entry)
    if (token === undefined) return []
    const top = (arrayAt(entry, 'top_logprobs') ?? []).flatMap((other) => tokenOf(other) ?? [])
    return [{ ...token, top }]
  })
}

function tokenOf(entry: Json): Omit<TokenLogprob, 'top'> | undefined {
  const token = stringAt(entry, 'token')
  const logprob = numberAt(entry, 'logprob')
  if (token === undefined || logprob === undefined || !isObject(entry)) return undefined
  const bytes = arrayAt(entry, 'bytes')?.filter((byte) => typeof byte === 'number') ?? null
  return { token, logprob, bytes }
}
