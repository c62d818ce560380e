import type {
  AudioPart,
  DocumentPart,
  ImagePart,
  Source,
  TextPart,
  ToolResultPart,
  UserPart,
} from '../../../core/call.ts'
import type { JsonObject } from '../../../core/json.ts'
import type { Lost } from '../../../core/losses.ts'

export type ResponsesLost = Lost<'request', 'openai-responses'>

/** A user's parts but tool results; what Responses cannot hold is lost by name. */
export function encodeParts(parts: readonly UserPart[], lost: ResponsesLost): JsonObject[] {
  return parts.flatMap((part) => encodePart(part, lost))
}

function encodePart(part: UserPart, lost: ResponsesLost): JsonObject[] {
  if ('cache' in part && part.cache) lost.lose('cache_control')
  switch (part.type) {
    case 'text':
      return part.text === '' ? [] : [{ type: 'input_text', text: part.text }]
    case 'image':
      return encodeImage(part, lost)
    case 'document':
      return encodeDocument(part, lost)
    case 'audio':
      loseAudio(part, lost)
      return []
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

/** What a tool gave: words alone are a string, as every model of OpenAI takes them. */
export function encodeOutput(
  { content, isError, cache }: ToolResultPart,
  lost: ResponsesLost,
): JsonObject[] | string {
  if (cache) lost.lose('cache_control')
  if (isError) lost.lose('tool_result_error')
  const before: TextPart[] = isError ? [{ type: 'text', text: 'Error: ' }] : []
  const all = [...before, ...content]
  const texts = all.filter((part) => part.type === 'text')
  if (texts.length < all.length) return encodeParts(all, lost)
  if (texts.some((part) => part.cache)) lost.lose('cache_control')
  const [mark, ...said] = isError ? texts : [undefined, ...texts]
  return (mark?.text ?? '') + said.map((part) => part?.text ?? '').join('\n')
}

function encodeImage({ source, detail }: ImagePart, lost: ResponsesLost): JsonObject[] {
  const image_url = urlOf(source)
  if (image_url === undefined) {
    lost.lose('file_id')
    return []
  }
  return [{ type: 'input_image', image_url, detail: detail ?? 'auto' }]
}

function encodeDocument({ source, name }: DocumentPart, lost: ResponsesLost): JsonObject[] {
  const named = name === undefined ? {} : { filename: name }
  if (source.kind === 'text') return [{ type: 'input_text', text: titled(source.text, name) }]
  if (source.kind === 'url') return [{ type: 'input_file', file_url: source.url, ...named }]
  if (source.kind === 'file') lost.lose('file_id')
  else if (source.mediaType.startsWith('text/')) {
    return [{ type: 'input_text', text: titled(Buffer.from(source.data, 'base64').toString('utf8'), name) }]
  } else if (source.mediaType !== 'application/pdf') lost.lose('document_type')
  else {
    const file_data = `data:${source.mediaType};base64,${source.data}`
    return [{ type: 'input_file', filename: name ?? 'document.pdf', file_data }]
  }
  return []
}

function titled(text: string, name: string | undefined): string {
  return name === undefined ? text : `${name}:\n${text}`
}

function loseAudio({ source }: AudioPart, lost: ResponsesLost): void {
  lost.lose(source.kind === 'file' ? 'file_id' : 'audio_input')
}

function urlOf(source: Source): string | undefined {
  if (source.kind === 'url') return source.url
  return source.kind === 'base64' ? `data:${source.mediaType};base64,${source.data}` : undefined
}
