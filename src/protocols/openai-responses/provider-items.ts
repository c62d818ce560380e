import { arrayAt, type JsonObject, stringAt } from '../../core/json.ts'
import { filled } from '../substance.ts'

const kinds: Readonly<Record<string, string>> = {
  web_search_call: 'web_search',
  code_interpreter_call: 'code_execution',
  image_generation_call: 'image_generation',
  file_search_call: 'file_search',
  mcp_call: 'mcp',
}

/** What kind of tool the provider ran, by its item's type; undefined for items of other kinds. */
export function serverToolKind(type: string): string | undefined {
  return Object.hasOwn(kinds, type) ? kinds[type] : undefined
}

/** What of it a reader must not miss: code and what it printed. What a search found the answer's text says. */
export function serverToolText(item: JsonObject): string {
  if (item.type === 'mcp_call') return stringAt(item, 'output') ?? ''
  if (item.type !== 'code_interpreter_call') return ''
  const code = stringAt(item, 'code') ?? ''
  const printed = (arrayAt(item, 'outputs') ?? []).flatMap((output) => stringAt(output, 'logs') ?? [])
  return [code, ...printed].flatMap((text) => (text === '' ? [] : [`\n\`\`\`\n${text}\n\`\`\`\n`])).join('')
}

export function madeImage(item: JsonObject): { mediaType: string; data: string } | undefined {
  if (item.type !== 'image_generation_call') return undefined
  const data = filled(item.result)
  return data === undefined
    ? undefined
    : { mediaType: `image/${stringAt(item, 'output_format') ?? 'png'}`, data }
}
