import type { Source, UserPart } from '../../../core/call.ts'
import type { JsonObject } from '../../../core/json.ts'
import { filled } from '../../substance.ts'
import { badRequest } from '../../translation/request-fields.ts'
import type { GeminiDecoding } from './gemini-decoding.ts'
import { either, eitherObject } from './spelling.ts'

type MediaHolder = { inline: JsonObject } | { file: JsonObject }

/** What a part holds besides words: bytes, or where they are. */
export function mediaIn(part: JsonObject): MediaHolder | undefined {
  const inline = eitherObject(part, 'inlineData')
  if (inline) return { inline }
  const file = eitherObject(part, 'fileData')
  return file && { file }
}

/** Media of any kind, by their type; `part` says how closely to look. */
export function decodeMedia(
  holder: MediaHolder,
  part: JsonObject,
  param: string,
  { detail }: GeminiDecoding,
): UserPart {
  const decoded = 'inline' in holder ? inlinePart(holder.inline, param) : filePart(holder.file, param)
  if (decoded.type !== 'image') return decoded
  const wanted = detailOf(eitherObject(part, 'mediaResolution')?.level) ?? detail
  return wanted === null ? decoded : { ...decoded, detail: wanted }
}

const details: Readonly<Record<string, string>> = {
  MEDIA_RESOLUTION_LOW: 'low',
  MEDIA_RESOLUTION_HIGH: 'high',
  MEDIA_RESOLUTION_ULTRA_HIGH: 'high',
}

/** How closely images are looked at, in OpenAI's words; null for what it has no word for. */
export function detailOf(resolution: unknown): string | null {
  const known = typeof resolution === 'string' && Object.hasOwn(details, resolution)
  return known ? (details[resolution] ?? null) : null
}

/** The bytes of `inlineData`. */
export function base64Of(inline: JsonObject, param: string): { mediaType: string; data: string } {
  const mediaType = (filled(either(inline, 'mimeType')) ?? 'application/octet-stream').toLowerCase()
  const data = filled(inline.data)
  if (data === undefined) throw badRequest(`${param}.inlineData.data`, 'is missing')
  return { mediaType, data: standardBase64(data) }
}

function inlinePart(inline: JsonObject, param: string): UserPart {
  const { mediaType, data } = base64Of(inline, param)
  const isText = mediaType.startsWith('text/')
  const source: Source = isText
    ? { kind: 'text', text: Buffer.from(data, 'base64').toString('utf8') }
    : { kind: 'base64', mediaType, data }
  return ofType(mediaType, source, filled(either(inline, 'displayName')))
}

/** An upload at Google, or something on the web. */
function filePart(file: JsonObject, param: string): UserPart {
  const uri = filled(either(file, 'fileUri'))
  if (uri === undefined) throw badRequest(`${param}.fileData.fileUri`, 'is missing')
  const mediaType = filled(either(file, 'mimeType'))?.toLowerCase() ?? null
  const isUpload = !/^https?:/i.test(uri) || /\/v1[a-z0-9]*\/files\//.test(uri)
  const source: Source = isUpload ? { kind: 'file', id: uri } : { kind: 'url', url: uri, mediaType }
  return ofType(mediaType ?? typeByName(uri), source, filled(either(file, 'displayName')))
}

function ofType(mediaType: string, source: Source, name: string | undefined): UserPart {
  if (mediaType.startsWith('image/')) return { type: 'image', source }
  if (mediaType.startsWith('audio/')) return { type: 'audio', source }
  if (mediaType.startsWith('video/')) return { type: 'video', source }
  return { type: 'document', source, ...(name !== undefined && { name }) }
}

const typesByName: readonly (readonly [RegExp, string])[] = [
  [/\.(png|jpe?g|webp|gif|heic|heif)([?#]|$)/i, 'image/*'],
  [/^https:\/\/(www\.)?(youtube\.com|youtu\.be)\/|\.(mp4|mov|webm|mpe?g)([?#]|$)/i, 'video/*'],
  [/\.(mp3|wav|flac|ogg|m4a)([?#]|$)/i, 'audio/*'],
]

function typeByName(url: string): string {
  return typesByName.find(([pattern]) => pattern.test(url))?.[1] ?? 'application/pdf'
}

/** The API also takes the alphabet for URLs, which others do not. */
function standardBase64(data: string): string {
  return /[-_]/.test(data) ? data.replaceAll('-', '+').replaceAll('_', '/') : data
}
