import type { SpecialPart, TextPart, ToolResultPart, UserPart } from '../../../core/call.ts'
import { isObject, type JsonObject } from '../../../core/json.ts'
import { filled } from '../../substance.ts'
import { badRequest } from '../../translation/request-fields.ts'
import { idFromClient } from '../../translation/tool-call-ids.ts'
import { cacheOf } from './decode-cache.ts'
import { decodeDocument, decodeImage, decodeSearchResult } from './decode-sources.ts'
import type { Specials } from './request-parameters.ts'

type BlockReader = (block: JsonObject, param: string, special: Specials) => UserPart[]

const readers: ReadonlyMap<string, BlockReader> = new Map<string, BlockReader>([
  ['text', decodeText],
  ['image', decodeImage],
  ['document', decodeDocument],
  ['search_result', decodeSearchResult],
  ['tool_result', (block, param, special) => [decodeToolResult(block, param, special)]],
  ['container_upload', (block, param) => [{ type: 'special', loss: 'file_id', param, raw: block }]],
])

export function decodeUserBlocks(blocks: JsonObject[], param: string, special: Specials): UserPart[] {
  return blocks.flatMap((block, at) => {
    const read = readers.get(filled(block.type) ?? '')
    return read ? read(block, `${param}[${at}]`, special) : [unknownPart(block, `${param}[${at}]`)]
  })
}

function unknownPart(raw: JsonObject, param: string): SpecialPart {
  return { type: 'special', loss: 'other_content', param, raw }
}

function decodeText(block: JsonObject): TextPart[] {
  const text = filled(block.text)
  return text === undefined ? [] : [{ type: 'text', text, ...cacheOf(block) }]
}

function decodeToolResult(block: JsonObject, param: string, special: Specials): ToolResultPart {
  const id = filled(block.tool_use_id)
  if (id === undefined) throw badRequest(param, 'has no tool_use_id')
  return {
    type: 'tool_result',
    callId: idFromClient(id),
    content: resultContent(block, `${param}.content`, special),
    isError: block.is_error === true,
    ...cacheOf(block),
  }
}

function resultContent({ content }: JsonObject, param: string, special: Specials): ToolResultPart['content'] {
  if (!Array.isArray(content)) {
    const text = filled(content)
    return text === undefined ? [] : [{ type: 'text', text }]
  }
  return content.flatMap((block, at) => {
    if (!isObject(block)) throw badRequest(`${param}[${at}]`, 'is no object')
    if (block.type === 'tool_reference') return decodeText({ text: block.tool_name ?? '' })
    const read = block.type === 'tool_result' ? undefined : readers.get(filled(block.type) ?? '')
    const parts = read?.(block, `${param}[${at}]`, special) ?? [unknownPart(block, `${param}[${at}]`)]
    return parts.flatMap((part) => partOfResult(part, special))
  })
}

/** A result holds words, images and documents; what nobody else can hold is lost of the call. */
function partOfResult(part: UserPart, special: Specials): ToolResultPart['content'] {
  if (part.type === 'text' || part.type === 'image' || part.type === 'document') return [part]
  if (part.type === 'special') special.push({ loss: part.loss, param: part.param })
  return []
}
