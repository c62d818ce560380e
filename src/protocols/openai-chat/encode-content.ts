import type { AudioPart, DocumentPart, ImagePart, Source, TextPart, UserPart } from '../../core/call.ts'
import type { JsonObject } from '../../core/json.ts'
import type { ChatLost } from './chat-lost.ts'

/** A user's parts as chat has them; what it cannot hold is lost by name. */
export function encodeParts(parts: readonly UserPart[], lost: ChatLost): JsonObject[] {
  return parts.flatMap((part) => {
    if ('cache' in part && part.cache) lost.lose('cache_control')
    return encodePart(part, lost)
  })
}

function encodePart(part: UserPart, lost: ChatLost): JsonObject[] {
  switch (part.type) {
    case 'text':
      return part.text === '' ? [] : [{ type: 'text', text: part.text }]
    case 'image':
      return encodeImage(part, lost)
    case 'document':
      return encodeDocument(part, lost)
    case 'audio':
      return encodeAudio(part, lost)
    case 'video':
      lost.lose('video_input')
      return []
    case 'special':
      lost.loseSpecial(part.loss, part.param)
      return []
    case 'tool_result':
      return []
  }
}

/** One text is a string, as every follower takes it. */
export function plainContent(parts: readonly JsonObject[]): JsonObject[] | string {
  const [first] = parts
  return parts.length === 1 && first?.type === 'text' ? (first.text as string) : [...parts]
}

export function joinedText(parts: readonly TextPart[], lost: ChatLost): string {
  if (parts.some((part) => part.cache)) lost.lose('cache_control')
  return parts.map((part) => part.text).join('\n')
}

function encodeImage({ source, detail }: ImagePart, lost: ChatLost): JsonObject[] {
  const url = urlOf(source, lost)
  if (url === undefined) return []
  return [{ type: 'image_url', image_url: { url, ...(detail !== undefined && { detail }) } }]
}

function encodeDocument({ source, name }: DocumentPart, lost: ChatLost): JsonObject[] {
  if (source.kind === 'text') return [{ type: 'text', text: titled(source.text, name) }]
  if (source.kind === 'url') lost.lose('document_url')
  else if (source.kind === 'file') lost.lose('file_id')
  else if (source.mediaType.startsWith('text/')) {
    return [{ type: 'text', text: titled(Buffer.from(source.data, 'base64').toString('utf8'), name) }]
  } else if (source.mediaType !== 'application/pdf') lost.lose('document_type')
  else {
    const file_data = `data:${source.mediaType};base64,${source.data}`
    return [{ type: 'file', file: { filename: name ?? 'document.pdf', file_data } }]
  }
  return []
}

function titled(text: string, name: string | undefined): string {
  return name === undefined ? text : `${name}:\n${text}`
}

function encodeAudio({ source }: AudioPart, lost: ChatLost): JsonObject[] {
  if (source.kind === 'base64') {
    const format = source.mediaType.replace('audio/', '').replace('mpeg', 'mp3').replace('x-wav', 'wav')
    return [{ type: 'input_audio', input_audio: { data: source.data, format } }]
  }
  lost.lose(source.kind === 'file' ? 'file_id' : 'audio_url')
  return []
}

function urlOf(source: Source, lost: ChatLost): string | undefined {
  if (source.kind === 'url') return source.url
  if (source.kind === 'base64') return `data:${source.mediaType};base64,${source.data}`
  lost.lose('file_id')
  return undefined
}
