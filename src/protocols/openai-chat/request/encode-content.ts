import type {
  AudioPart,
  CacheHint,
  DocumentPart,
  ImagePart,
  Source,
  TextPart,
  UserPart,
  VideoPart,
} from '../../../core/call.ts'
import type { JsonObject } from '../../../core/json.ts'
import type { ChatEncoding } from './chat-encoding.ts'

type Encoding = Pick<ChatEncoding, 'dialect' | 'lost'>

/** A user's parts as chat has them, without tool results; what it cannot hold is lost by name. */
export function encodeParts(parts: readonly UserPart[], encoding: Encoding): JsonObject[] {
  return parts.flatMap((part) => {
    if (part.type === 'tool_result') return []
    const encoded = encodePart(part, encoding)
    return 'cache' in part && part.cache ? withCacheMark(encoded, part.cache, encoding) : encoded
  })
}

function encodePart(
  part: Exclude<UserPart, { type: 'tool_result' }>,
  { dialect, lost }: Encoding,
): JsonObject[] {
  switch (part.type) {
    case 'text':
      return part.text === '' ? [] : [textPart(part.text)]
    case 'image':
      return encodeImage(part, lost)
    case 'document':
      return encodeDocument(part, lost)
    case 'audio':
      return encodeAudio(part, lost)
    case 'video':
      return encodeVideo(part, { dialect, lost })
    case 'special':
      lost.loseSpecial(part.loss, part.param)
      return []
  }
}

/** The last of what a part became, marked as the part was. */
function withCacheMark(
  encoded: readonly JsonObject[],
  cache: CacheHint | undefined,
  encoding: Encoding,
): JsonObject[] {
  const mark = cacheMark(cache, encoding)
  return encoded.map((part, at) => (at === encoded.length - 1 ? { ...part, ...mark } : part))
}

export function cacheMark(cache: CacheHint | undefined, { dialect, lost }: Encoding): JsonObject {
  if (cache === undefined) return {}
  if (dialect.cacheMarks) {
    return { cache_control: { type: 'ephemeral', ...(cache.ttl !== null && { ttl: cache.ttl }) } }
  }
  lost.lose('cache_control')
  return {}
}

export function textPart(text: string): JsonObject {
  return { type: 'text', text }
}

/** One text is a string, as every follower takes it; so are several where they must be one. */
export function plainContent(parts: readonly JsonObject[], { dialect }: Encoding): JsonObject[] | string {
  const texts = parts.flatMap(({ type, text, cache_control }) =>
    type === 'text' && typeof text === 'string' && cache_control === undefined ? [text] : [],
  )
  const isPlain = texts.length === parts.length && (parts.length === 1 || !dialect.textLists)
  return isPlain ? texts.join('\n') : [...parts]
}

export function joinedText(parts: readonly TextPart[], { lost }: Encoding): string {
  if (parts.some((part) => part.cache)) lost.lose('cache_control')
  return parts.map((part) => part.text).join('\n')
}

export function encodeImage({ source, detail }: ImagePart, lost: Encoding['lost']): JsonObject[] {
  const url = urlOf(source, lost)
  if (url === undefined) return []
  return [{ type: 'image_url', image_url: { url, ...(detail !== undefined && { detail }) } }]
}

function encodeDocument({ source, name }: DocumentPart, lost: Encoding['lost']): JsonObject[] {
  if (source.kind === 'text') return [textPart(titled(source.text, name))]
  if (source.kind === 'url') lost.lose('document_url')
  else if (source.kind === 'file') lost.lose('file_id')
  else if (source.mediaType.startsWith('text/')) {
    return [textPart(titled(Buffer.from(source.data, 'base64').toString('utf8'), name))]
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

/** What chat calls the forms of sound, where that is not the end of the media type. */
const audioFormats: ReadonlyMap<string, string> = new Map([
  ['audio/mpeg', 'mp3'],
  ['audio/x-wav', 'wav'],
  ['audio/wave', 'wav'],
])

function encodeAudio({ source }: AudioPart, lost: Encoding['lost']): JsonObject[] {
  if (source.kind === 'base64') {
    const format = audioFormats.get(source.mediaType) ?? source.mediaType.replace('audio/', '')
    return [{ type: 'input_audio', input_audio: { data: source.data, format } }]
  }
  lost.lose(source.kind === 'file' ? 'file_id' : 'audio_url')
  return []
}

function encodeVideo({ source }: VideoPart, { dialect, lost }: Encoding): JsonObject[] {
  if (!dialect.video) {
    lost.lose('video_input')
    return []
  }
  const url = urlOf(source, lost)
  return url === undefined ? [] : [{ type: 'video_url', video_url: { url } }]
}

function urlOf(source: Source, lost: Encoding['lost']): string | undefined {
  if (source.kind === 'url') return source.url
  if (source.kind === 'base64') return `data:${source.mediaType};base64,${source.data}`
  lost.lose('file_id')
  return undefined
}
