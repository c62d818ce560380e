import type { Source, UserPart } from '../../../core/call.ts'
import type { JsonObject } from '../../../core/json.ts'
import { filled } from '../../substance.ts'
import { badRequest } from '../../translation/request-fields.ts'
import { either } from './spelling.ts'

/** `inlineData`: bytes of any kind, by their media type. */
export function decodeInline(inline: JsonObject, param: string): UserPart {
  const mediaType = (filled(either(inline, 'mimeType')) ?? 'application/octet-stream').toLowerCase()
  const data = filled(inline.data)
  if (data === undefined) throw badRequest(`${param}.inlineData.data`, 'is missing')
  const name = filled(either(inline, 'displayName'))
  return ofKind({ kind: 'base64', mediaType, data: standardBase64(data) }, mediaType, name)
}

/** `fileData`: an upload at Google, or something on the web. */
export function decodeFile(file: JsonObject, param: string): UserPart {
  const uri = filled(either(file, 'fileUri'))
  if (uri === undefined) throw badRequest(`${param}.fileData.fileUri`, 'is missing')
  const mediaType = filled(either(file, 'mimeType')) ?? null
  const isUpload = !/^https?:/.test(uri) || /\/v1(beta)?\/files\//.test(uri)
  const source: Source = isUpload ? { kind: 'file', id: uri } : { kind: 'url', url: uri, mediaType }
  return ofKind(source, mediaType ?? typeByName(uri), filled(either(file, 'displayName')))
}

function ofKind(source: Source, mediaType: string, name: string | undefined): UserPart {
  if (mediaType.startsWith('image/')) return { type: 'image', source }
  if (mediaType.startsWith('audio/')) return { type: 'audio', source }
  if (mediaType.startsWith('video/')) return { type: 'video', source }
  return { type: 'document', source, ...(name !== undefined && { name }) }
}

function typeByName(url: string): string {
  if (/\.(png|jpe?g|webp|gif|heic)(\?|$)/i.test(url)) return 'image/*'
  return /youtu\.?be|\.(mp4|mov|webm)(\?|$)/i.test(url) ? 'video/*' : 'application/pdf'
}

/** The API also takes the alphabet for URLs, which others do not. */
function standardBase64(data: string): string {
  return /[-_]/.test(data) ? data.replaceAll('-', '+').replaceAll('_', '/') : data
}
