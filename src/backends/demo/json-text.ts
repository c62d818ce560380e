import { isObject, type Json, type JsonObject, stringAt } from '../../core/json.ts'

/** The texts of content that is a string or a list of parts with a `text`. */
export function textsOf(content: unknown): string[] {
  if (typeof content === 'string') return [content]
  if (!Array.isArray(content)) return []
  return content.flatMap((part: Json) => (typeof part === 'string' ? [part] : (stringAt(part, 'text') ?? [])))
}

export function objectsOf(list: unknown): JsonObject[] {
  return Array.isArray(list) ? list.filter(isObject) : []
}

/** A tool's result as text: its texts, or its JSON where it has none. */
export function resultText(content: unknown): string {
  const texts = textsOf(content)
  if (texts.length > 0) return texts.join(' ')
  return content === undefined ? '' : JSON.stringify(content)
}
