import type { AudioPart, DocumentPart, ImagePart, Source, SpecialPart, TextPart } from '../../../core/call.ts'
import { isObject, type Json, type JsonObject, objectAt, stringAt } from '../../../core/json.ts'
import { filled } from '../../substance.ts'
import { badRequest, dataUrl } from '../../translation/request-fields.ts'

export type ContentPart = TextPart | ImagePart | DocumentPart | AudioPart | SpecialPart
type PartReader = (part: JsonObject, param: string) => ContentPart[]

const text: PartReader = (part) => textParts(part.text)

const readers: ReadonlyMap<string, PartReader> = new Map<string, PartReader>([
  ['input_text', text],
  ['output_text', text],
  ['text', text],
  ['summary_text', text],
  ['input_image', readImage],
  ['input_file', readFile],
  ['input_audio', readAudio],
])

/** An item's content: words, or a list of parts. */
export function decodeContent(content: Json | undefined, param: string): ContentPart[] {
  if (typeof content === 'string') return textParts(content)
  if (content === null || content === undefined) return []
  if (!Array.isArray(content)) throw badRequest(param, 'is neither a string nor a list of parts')
  return content.flatMap((part, index) => {
    const place = `${param}[${index}]`
    if (typeof part === 'string') return textParts(part)
    if (!isObject(part)) throw badRequest(place, 'is no part')
    const read = readers.get(filled(part.type) ?? 'input_text')
    return read ? read(part, place) : [{ type: 'special', loss: 'other_content', param: place, raw: part }]
  })
}

function textParts(value: Json | undefined): TextPart[] {
  return typeof value === 'string' && value !== '' ? [{ type: 'text', text: value }] : []
}

function readImage(part: JsonObject, param: string): ContentPart[] {
  const id = filled(part.file_id)
  const url = typeof part.image_url === 'string' ? part.image_url : stringAt(part.image_url, 'url')
  if (!url && id === undefined) throw badRequest(param, 'has neither image_url nor file_id')
  const detail = filled(part.detail)
  const source: Source = url ? urlSource(url) : { kind: 'file', id: id ?? '' }
  return [{ type: 'image', source, ...(detail !== undefined && { detail }) }]
}

function readFile(part: JsonObject, param: string): ContentPart[] {
  const name = filled(part.filename)
  const named = name === undefined ? {} : { name }
  const id = filled(part.file_id)
  if (id !== undefined) return [{ type: 'document', source: { kind: 'file', id }, ...named }]
  const url = filled(part.file_url)
  if (url !== undefined) return [{ type: 'document', source: urlSource(url), ...named }]
  const data = filled(part.file_data)
  if (data === undefined) throw badRequest(param, 'has no file_data, file_url or file_id')
  const inline = dataUrl(data) ?? { mediaType: 'application/pdf', data }
  return [{ type: 'document', source: { kind: 'base64', ...inline }, ...named }]
}

function readAudio(part: JsonObject, param: string): ContentPart[] {
  const audio = objectAt(part, 'input_audio')
  const data = stringAt(audio, 'data')
  if (!data) throw badRequest(`${param}.input_audio.data`, 'is missing')
  const format = stringAt(audio, 'format') ?? 'wav'
  const mediaType = format === 'mp3' ? 'audio/mpeg' : `audio/${format}`
  return [{ type: 'audio', source: { kind: 'base64', mediaType, data } }]
}

function urlSource(url: string): Source {
  const inline = dataUrl(url)
  return inline ? { kind: 'base64', ...inline } : { kind: 'url', url, mediaType: null }
}
