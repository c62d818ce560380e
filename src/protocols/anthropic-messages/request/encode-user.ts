import type {
  CacheHint,
  DocumentPart,
  ImagePart,
  Source,
  TextPart,
  ToolResultPart,
  UserPart,
} from '../../../core/call.ts'
import type { JsonObject } from '../../../core/json.ts'
import { idForBackend, messagesIds } from '../../translation/tool-call-ids.ts'
import type { RequestEncoding } from './request-encoding.ts'

export function encodeUserPart(part: UserPart, encoding: RequestEncoding): JsonObject[] {
  switch (part.type) {
    case 'text':
      return encodeText(part)
    case 'image':
      return encodeImage(part, encoding)
    case 'document':
      return encodeDocument(part, encoding)
    case 'tool_result':
      return [encodeToolResult(part, encoding)]
    case 'audio':
      encoding.lost.lose('audio_input')
      return []
    case 'video':
      encoding.lost.lose('video_input')
      return []
    case 'special':
      encoding.lost.loseSpecial(part.loss, part.param)
      return []
  }
}

/** Nothing for white space alone: the API refuses it. */
export function encodeText({ text, cache }: TextPart): JsonObject[] {
  return text.trim() === '' ? [] : [{ type: 'text', text, ...cacheControl(cache) }]
}

export function cacheControl(cache: CacheHint | undefined): JsonObject {
  if (cache === undefined) return {}
  return { cache_control: { type: 'ephemeral', ...(cache.ttl !== null && { ttl: cache.ttl }) } }
}

export function encodeImage({ source, detail, cache }: ImagePart, { lost }: RequestEncoding): JsonObject[] {
  if (detail !== undefined && detail !== 'auto') lost.lose('image_detail')
  const rest = cacheControl(cache)
  switch (source.kind) {
    case 'base64':
      return [{ type: 'image', source: base64(source), ...rest }]
    case 'url':
      return [{ type: 'image', source: { type: 'url', url: source.url }, ...rest }]
    case 'text':
      return encodeText({ type: 'text', text: source.text })
    case 'file':
      lost.lose('file_id')
      return []
  }
}

function base64({ mediaType, data }: Extract<Source, { kind: 'base64' }>): JsonObject {
  return { type: 'base64', media_type: mediaType === 'image/jpg' ? 'image/jpeg' : mediaType, data }
}

function encodeDocument(part: DocumentPart, encoding: RequestEncoding): JsonObject[] {
  const { source, name, cache } = part
  const type = 'mediaType' in source ? source.mediaType : null
  if (type?.startsWith('image/'))
    return encodeImage({ type: 'image', source, ...(cache && { cache }) }, encoding)
  const written = documentSource(source, encoding)
  if (written === undefined) return []
  return [
    { type: 'document', source: written, ...(name !== undefined && { title: name }), ...cacheControl(cache) },
  ]
}

/** PDF as it is, text as text; undefined for what Anthropic does not read. */
function documentSource(source: Source, { lost }: RequestEncoding): JsonObject | undefined {
  switch (source.kind) {
    case 'url':
      return { type: 'url', url: source.url }
    case 'text':
      return plainText(source.text)
    case 'file':
      lost.lose('file_id')
      return undefined
    case 'base64':
      if (source.mediaType === 'application/pdf') return base64(source)
      if (isText(source.mediaType)) return plainText(Buffer.from(source.data, 'base64').toString('utf8'))
      lost.lose('document_type')
      return undefined
  }
}

function isText(mediaType: string): boolean {
  return mediaType.startsWith('text/') || /[/+](json|xml|yaml)\b/.test(mediaType)
}

function plainText(text: string): JsonObject | undefined {
  return text === '' ? undefined : { type: 'text', media_type: 'text/plain', data: text }
}

/** A failed call without a word is refused: it says at least that it failed. */
function encodeToolResult(part: ToolResultPart, encoding: RequestEncoding): JsonObject {
  const blocks = part.content.flatMap((inner) => encodeUserPart(inner, encoding))
  const [only, more] = blocks
  const isPlain = more === undefined && only?.type === 'text' && only.cache_control === undefined
  const content = isPlain ? only.text : blocks.length > 0 ? blocks : part.isError ? 'failed' : undefined
  return {
    type: 'tool_result',
    tool_use_id: idForBackend(part.callId, messagesIds),
    ...(content !== undefined && { content }),
    ...(part.isError && { is_error: true }),
    ...cacheControl(part.cache),
  }
}
