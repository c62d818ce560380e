import type {
  AudioPart,
  CacheHint,
  DocumentPart,
  ImagePart,
  SpecialPart,
  TextPart,
  ToolResultPart,
  VideoPart,
} from '../../../core/call.ts'
import { isObject, type Json, type JsonObject, objectAt, stringAt } from '../../../core/json.ts'
import { filled } from '../../substance.ts'
import { badRequest, dataUrl } from '../../translation/request-fields.ts'

export type ContentPart = TextPart | ImagePart | DocumentPart | AudioPart | VideoPart | SpecialPart
type PartReader = (part: JsonObject, param: string) => ContentPart

const readers: ReadonlyMap<string, PartReader> = new Map<string, PartReader>([
  ['image_url', decodeImage],
  ['input_audio', decodeAudio],
  // What vLLM and OpenRouter added.
  ['audio_url', (part, param) => ({ type: 'audio', source: urlSource(part, 'audio_url', param) })],
  ['video_url', (part, param) => ({ type: 'video', source: urlSource(part, 'video_url', param) })],
  ['file', decodeFile],
])
const textTypes = new Set(['text', 'input_text', 'output_text'])

/** A message's content: a string, or a list of parts. */
export function decodeContent(content: Json | undefined, param: string): ContentPart[] {
  if (typeof content === 'string') return textParts(content)
  if (content === null || content === undefined) return []
  if (!Array.isArray(content)) throw badRequest(param, 'is neither a string nor a list of parts')
  return content.flatMap((part, index) => {
    const place = `${param}[${index}]`
    if (typeof part === 'string') return textParts(part)
    if (!isObject(part)) throw badRequest(place, 'is no part')
    const type = filled(part.type) ?? 'text'
    if (textTypes.has(type)) return withCache(textParts(part.text), part)
    const read = readers.get(type)
    return read === undefined
      ? [{ type: 'special' as const, loss: 'other_content' as const, param: place, raw: part }]
      : withCache([read(part, place)], part)
  })
}

function textParts(value: Json | undefined): TextPart[] {
  return typeof value === 'string' && value !== '' ? [{ type: 'text', text: value }] : []
}

/** The `url` of a part's member of its own name, taken apart where it holds the data itself. */
function urlSource(part: JsonObject, member: string, param: string): ImagePart['source'] {
  const holder = part[member]
  const url = typeof holder === 'string' ? holder : stringAt(holder, 'url')
  if (!url) throw badRequest(`${param}.${member}`, 'has no url')
  const inline = dataUrl(url)
  return inline ? { kind: 'base64', ...inline } : { kind: 'url', url, mediaType: null }
}

function decodeImage(part: JsonObject, param: string): ContentPart {
  const detail = stringAt(part.image_url, 'detail')
  const source = urlSource(part, 'image_url', param)
  return { type: 'image', source, ...(detail !== undefined && { detail }) }
}

function decodeAudio(part: JsonObject, param: string): ContentPart {
  const audio = objectAt(part, 'input_audio')
  const data = filled(audio?.data)
  if (data === undefined) throw badRequest(`${param}.input_audio`, 'has no data')
  const format = stringAt(audio, 'format') ?? 'wav'
  const mediaType = format === 'mp3' ? 'audio/mpeg' : `audio/${format}`
  return { type: 'audio', source: { kind: 'base64', ...(dataUrl(data) ?? { mediaType, data }) } }
}

const webUrl = /^https?:/i

function decodeFile(part: JsonObject, param: string): ContentPart {
  const file = objectAt(part, 'file')
  const name = filled(file?.filename)
  const named = name === undefined ? {} : { name }
  const id = filled(file?.file_id)
  if (id !== undefined) return { type: 'document', source: { kind: 'file', id }, ...named }
  const data = filled(file?.file_data)
  if (data === undefined) throw badRequest(`${param}.file`, 'has neither file_data nor file_id')
  if (webUrl.test(data)) {
    return { type: 'document', source: { kind: 'url', url: data, mediaType: null }, ...named }
  }
  const inline = dataUrl(data) ?? { mediaType: 'application/pdf', data }
  return { type: 'document', source: { kind: 'base64', ...inline }, ...named }
}

type Cacheable = ContentPart | ToolResultPart

/** OpenRouter's and LiteLLM's clients mark cache breakpoints as Anthropic's do, on parts and on messages. */
export function withCache<Part extends Cacheable>(
  parts: Part[],
  { cache_control: control }: JsonObject,
): Part[] {
  const last = parts.at(-1)
  const cache = cacheHint(control)
  if (cache === undefined || !last || uncacheable.has(last.type)) return parts
  return [...parts.slice(0, -1), { ...last, cache }]
}

export function cacheHint(control: Json | undefined): CacheHint | undefined {
  if (!isObject(control)) return undefined
  return { ttl: control.ttl === '1h' || control.ttl === '5m' ? control.ttl : null }
}

const uncacheable: ReadonlySet<Cacheable['type']> = new Set<Cacheable['type']>(['audio', 'video', 'special'])
