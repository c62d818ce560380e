import { isObject, type Json } from '../../core/json.ts'
import type { SettingPath, SettingsFormat } from './format.ts'
import { openLines } from './toml-lines.ts'

/**
 * The little of TOML that Codex's settings need: root keys that hold strings, and whole tables of ours. Lines are
 * edited in place. A path of one is a root key, a longer one names a table, `[model_providers.llmproxy]`.
 */
export const tomlFormat: SettingsFormat = {
  get(text, path) {
    const lines = text.split('\n')
    if (path.length > 1) return tableAt(lines, path) === undefined ? undefined : {}
    const line = lines[rootKeyAt(lines, path)]
    const literal = line === undefined ? undefined : /=\s*(?:"([^"\\]*)"|'([^']*)')/.exec(line)
    return literal?.[1] ?? literal?.[2]
  },
  set(text, path, value) {
    const lines = text.split('\n')
    if (path.length > 1) return withTable(text, path, value)
    const line = `${path[0]} = ${tomlValue(value)}`
    const at = rootKeyAt(lines, path)
    // A root key after a table's header would belong to that table: new ones go to the top.
    return (at >= 0 ? lines.with(at, line) : [line, ...lines]).join('\n')
  },
  remove(text, path) {
    const lines = text.split('\n')
    if (path.length > 1) return withoutTable(lines, path).join('\n')
    const at = rootKeyAt(lines, path)
    return (at >= 0 ? lines.toSpliced(at, 1) : lines).join('\n')
  },
}

/** A value as TOML writes it, tables inline. A JSON string is a TOML basic string. */
export function tomlValue(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(tomlValue).join(', ')}]`
  if (!isObject(value)) return JSON.stringify(value)
  const entries = Object.entries(value).map(([key, inner]) => `${tomlKey(key)} = ${tomlValue(inner ?? '')}`)
  return `{ ${entries.join(', ')} }`
}

function tomlKey(key: string): string {
  return /^[A-Za-z0-9_]+$/.test(key) ? key : JSON.stringify(key)
}

function withTable(text: string, path: SettingPath, value: Json): string {
  const rest = withoutTable(text.split('\n'), path).join('\n').trimEnd()
  const rows = isObject(value)
    ? Object.entries(value).map(([key, inner]) => `${tomlKey(key)} = ${tomlValue(inner ?? '')}`)
    : []
  return [...(rest === '' ? [] : [rest, '']), `[${path.join('.')}]`, ...rows, ''].join('\n')
}

function withoutTable(lines: readonly string[], path: SettingPath): readonly string[] {
  const table = tableAt(lines, path)
  return table === undefined ? lines : lines.toSpliced(table.start, table.end - table.start)
}

function tableAt(lines: readonly string[], path: SettingPath): { start: number; end: number } | undefined {
  const headers = headersOf(lines)
  const at = headers.findIndex(({ name }) => name === path.join('.'))
  const found = headers[at]
  if (found === undefined) return undefined
  let end = headers[at + 1]?.line ?? lines.length
  // Comments above the next header are that table's.
  while (/^\s*(#.*)?$/.test(lines[end - 1] ?? 'x')) end--
  return { start: found.line, end }
}

function rootKeyAt(lines: readonly string[], path: SettingPath): number {
  const end = headersOf(lines)[0]?.line ?? lines.length
  const key = new RegExp(`^\\s*"?${path[0]}"?\\s*=`)
  const open = openLines(lines)
  return lines.findIndex((line, index) => index < end && !open[index] && key.test(line))
}

function headersOf(lines: readonly string[]): { line: number; name: string }[] {
  const open = openLines(lines)
  return lines.flatMap((text, line) => {
    const name = open[line] ? undefined : /^\s*\[\[?\s*([^\][]+?)\s*\]\]?\s*(?:#.*)?$/.exec(text)?.[1]
    return name === undefined ? [] : [{ line, name }]
  })
}
