import type { AudioPart, CacheHint, DocumentPart, ImagePart, SpecialPart, TextPart } from '../../core/call.ts'
import { isObject, type Json, type JsonObject, objectAt, stringAt } from '../../core/json.ts'
import { filled } from '../substance.ts'
import { badRequest, dataUrl } from '../translation/request-fields.ts'

export type ContentPart = TextPart | ImagePart | DocumentPart | AudioPart | SpecialPart
type PartReader = (part: JsonObject, param: string) => ContentPart[]

const text: PartReader = (part) => textParts(part.text)

const readers: ReadonlyMap<string, PartReader> = new Map<string, PartReader>([
  ['text', text],
  ['input_text', text],
  ['output_text', text],
  ['image_url', readImage],
  ['input_audio', readAudio],
  ['file', readFile],
])

/** A message's content: a string, or a list of parts. */
export function readContent(content: Json | undefined, param: string): ContentPart[] {
  if (typeof content === 'string') return textParts(content)
  if (content === null || content === undefined) return []
  if (!Array.isArray(content)) throw badRequest(param, 'is neither a string nor a list of parts')
  return content.flatMap((part, index) => {
    const place = `${param}[${index}]`
    if (typeof part === 'string') return textParts(part)
    if (!isObject(part)) throw badRequest(place, 'is no part')
    const read = readers.get(filled(part.type) ?? 'text')
    return read === undefined ? [special(part, place)] : withCache(read(part, place), part)
  })
}

/** The text of a content, whatever else it holds. */
export function textOf(content: Json | undefined, param: string): TextPart[] {
  return readContent(content, param).filter((part) => part.type === 'text')
}

function textParts(value: Json | undefined): TextPart[] {
  return typeof value === 'string' && value !== '' ? [{ type: 'text', text: value }] : []
}

function readImage(part: JsonObject, param: string): ContentPart[] {
  const image = part.image_url
  const url = typeof image === 'string' ? image : stringAt(image, 'url')
  if (!url) throw badRequest(`${param}.image_url`, 'has no url')
  const detail = stringAt(image, 'detail')
  const inline = dataUrl(url)
  const source = inline
    ? { kind: 'base64' as const, ...inline }
    : { kind: 'url' as const, url, mediaType: null }
  return [{ type: 'image', source, ...(detail !== undefined && { detail }) }]
}

function readAudio(part: JsonObject, param: string): ContentPart[] {
  const audio = objectAt(part, 'input_audio')
  const data = stringAt(audio, 'data')
  if (!data) throw badRequest(`${param}.input_audio`, 'has no data')
  const format = stringAt(audio, 'format') ?? 'wav'
  const mediaType = format === 'mp3' ? 'audio/mpeg' : `audio/${format}`
  return [{ type: 'audio', source: { kind: 'base64', mediaType, data } }]
}

function readFile(part: JsonObject, param: string): ContentPart[] {
  const file = objectAt(part, 'file')
  const name = stringAt(file, 'filename')
  const id = filled(file?.file_id)
  const named = name === undefined ? {} : { name }
  if (id !== undefined) return [{ type: 'document', source: { kind: 'file', id }, ...named }]
  const data = stringAt(file, 'file_data')
  if (!data) throw badRequest(`${param}.file`, 'has neither file_data nor file_id')
  const inline = dataUrl(data) ?? { mediaType: 'application/pdf', data }
  return [{ type: 'document', source: { kind: 'base64', ...inline }, ...named }]
}

function special(raw: JsonObject, param: string): SpecialPart {
  return { type: 'special', loss: 'other_content', param, raw }
}

/** OpenRouter's and LiteLLM's clients mark cache breakpoints as Anthropic's do. */
function withCache(parts: ContentPart[], { cache_control: control }: JsonObject): ContentPart[] {
  const last = parts.at(-1)
  if (!isObject(control) || !last || last.type === 'audio' || last.type === 'special') return parts
  const ttl = control.ttl === '1h' || control.ttl === '5m' ? control.ttl : null
  const cache: CacheHint = { ttl }
  return [...parts.slice(0, -1), { ...last, cache }]
}
