import type { CacheHint, DocumentPart, ImagePart, Source, SpecialPart, TextPart } from '../../../core/call.ts'
import { arrayAt, isObject, type JsonObject, objectAt } from '../../../core/json.ts'
import { filled } from '../../substance.ts'
import { badRequest } from '../../translation/request-fields.ts'
import { cacheOf } from './decode-cache.ts'
import type { Specials } from './request-parameters.ts'

type SourceReader = (source: JsonObject, param: string, usualType: string) => Source

const readers: ReadonlyMap<string, SourceReader> = new Map<string, SourceReader>([
  [
    'base64',
    (source, param, usualType) => ({
      kind: 'base64',
      mediaType: filled(source.media_type) ?? usualType,
      data: required(source, 'data', param),
    }),
  ],
  ['url', (source, param) => ({ kind: 'url', url: required(source, 'url', param), mediaType: null })],
  ['text', (source, param) => ({ kind: 'text', text: required(source, 'data', param) })],
  ['file', (source, param) => ({ kind: 'file', id: required(source, 'file_id', param) })],
])

function required(source: JsonObject, key: string, param: string): string {
  const value = filled(source[key])
  if (value === undefined) throw badRequest(`${param}.source`, `has no ${key}`)
  return value
}

function sourceOf(block: JsonObject, param: string, usualType: string): Source | undefined {
  const source = objectAt(block, 'source')
  if (source === undefined) throw badRequest(param, 'has no source')
  return readers.get(filled(source.type) ?? '')?.(source, param, usualType)
}

export function decodeImage(block: JsonObject, param: string): (ImagePart | SpecialPart)[] {
  const source = sourceOf(block, param, 'image/png')
  if (source === undefined) return [{ type: 'special', loss: 'other_content', param, raw: block }]
  return [{ type: 'image', source, ...cacheOf(block) }]
}

type DocumentPieces = (DocumentPart | ImagePart | TextPart | SpecialPart)[]

/** A document; what is said about it (`context`) stands before it as text. */
export function decodeDocument(block: JsonObject, param: string, special: Specials): DocumentPieces {
  if (objectAt(block, 'citations')?.enabled === true) {
    special.push({ loss: 'citations', param: `${param}.citations` })
  }
  const context = filled(block.context)
  const about: TextPart[] = context === undefined ? [] : [{ type: 'text', text: context }]
  const name = filled(block.title)
  const rest = { ...(name !== undefined && { name }), ...cacheOf(block) }
  const source = objectAt(block, 'source')
  if (source?.type === 'content') return [...about, ...contentPieces(source, param, rest)]
  const plain = sourceOf(block, param, 'application/pdf')
  if (plain === undefined) return [...about, { type: 'special', loss: 'other_content', param, raw: block }]
  return [...about, { type: 'document', source: plain, ...rest }]
}

/** A document written out in blocks: its words are one document, its images follow. */
function contentPieces(
  source: JsonObject,
  param: string,
  rest: { name?: string; cache?: CacheHint },
): DocumentPieces {
  const blocks = arrayAt(source, 'content')?.filter(isObject) ?? []
  const text = filled(source.content) ?? textOf(blocks)
  const images = blocks.filter(({ type }) => type === 'image').flatMap((block) => decodeImage(block, param))
  return text === '' ? images : [{ type: 'document', source: { kind: 'text', text }, ...rest }, ...images]
}

/** A search result that the client brings: its words, and where they are from. */
export function decodeSearchResult(block: JsonObject, param: string, special: Specials): TextPart[] {
  if (objectAt(block, 'citations')?.enabled === true) {
    special.push({ loss: 'citations', param: `${param}.citations` })
  }
  const head = [filled(block.title), filled(block.source)].filter((line) => line !== undefined)
  const text = [...head, textOf(arrayAt(block, 'content')?.filter(isObject) ?? [])].join('\n')
  return text === '' ? [] : [{ type: 'text', text, ...cacheOf(block) }]
}

function textOf(blocks: readonly JsonObject[]): string {
  return blocks.flatMap(({ text }) => filled(text) ?? []).join('\n')
}
