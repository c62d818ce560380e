import type { AudioPart, DocumentPart, ImagePart, TextPart, UserPart, VideoPart } from '../../../core/call.ts'
import type { JsonObject } from '../../../core/json.ts'
import type { LossAt } from '../../../core/losses.ts'
import type { GeminiEncoding } from './gemini-encoding.ts'

/** A user's parts but tool results; what Gemini cannot hold is lost by name. */
export function encodeUserPart(part: UserPart, encoding: GeminiEncoding): JsonObject[] {
  if ('cache' in part && part.cache) encoding.lost.lose('cache_control')
  switch (part.type) {
    case 'text':
      return textParts(part.text)
    case 'image':
      if (part.detail !== undefined && part.detail !== 'auto') encoding.lost.lose('image_detail')
      return encodeSource(part, 'image_url', encoding)
    case 'document':
      if (part.name !== undefined) encoding.lost.lose('document_name')
      return encodeSource(part, 'document_url', encoding)
    case 'audio':
      return encodeSource(part, 'audio_url', encoding)
    case 'video':
      return encodeSource(part, 'video_url', encoding)
    case 'special':
      encoding.lost.loseSpecial(part.loss, part.param)
      return []
    case 'tool_result':
      return []
  }
}

export function textParts(text: string): JsonObject[] {
  return text === '' ? [] : [{ text }]
}

export function instructionText(parts: readonly TextPart[], { lost }: GeminiEncoding): JsonObject[] {
  if (parts.some((part) => part.cache)) lost.lose('cache_control')
  return parts.flatMap((part) => textParts(part.text))
}

type ByUrl = Extract<LossAt<'request', 'gemini'>, 'image_url' | 'document_url' | 'audio_url' | 'video_url'>

function encodeSource(
  { source }: ImagePart | DocumentPart | AudioPart | VideoPart,
  byUrl: ByUrl,
  { family, lost }: GeminiEncoding,
): JsonObject[] {
  switch (source.kind) {
    case 'base64':
      return [{ inlineData: { mimeType: source.mediaType, data: source.data } }]
    case 'text':
      return source.text === '' ? [] : [plainText(source.text)]
    case 'file':
      lost.lose('file_id')
      return []
    case 'url': {
      const { url } = source
      const mimeType = source.mediaType ?? typeByName(url)
      const isYouTube = byUrl === 'video_url' && /^https:\/\/(www\.)?(youtube\.com|youtu\.be)\//.test(url)
      if (isYouTube || (family.fetchesUrls && url.startsWith('https://'))) {
        return [{ fileData: { fileUri: url, ...(mimeType !== undefined && { mimeType }) } }]
      }
      lost.lose(byUrl)
      return []
    }
  }
}

/** Text that is a document of its own, and no words of the user. */
function plainText(text: string): JsonObject {
  return { inlineData: { mimeType: 'text/plain', data: Buffer.from(text).toString('base64') } }
}

const typesByEnding: Readonly<Record<string, string>> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  webp: 'image/webp',
  gif: 'image/gif',
  pdf: 'application/pdf',
  mp3: 'audio/mpeg',
  wav: 'audio/wav',
  mp4: 'video/mp4',
}

function typeByName(url: string): string | undefined {
  const ending = /\.([a-z0-9]+)(?:[?#]|$)/i.exec(url)?.[1]?.toLowerCase() ?? ''
  return Object.hasOwn(typesByEnding, ending) ? typesByEnding[ending] : undefined
}
