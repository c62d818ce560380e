import type { Json } from '../../core/json.ts'
import type { SettingPath, SettingsFormat } from './format.ts'

/** `NAME=value` lines, as Gemini CLI reads them. A path is the one name. */
export const dotenvFormat: SettingsFormat = {
  get(text, path) {
    const line = text.split('\n').findLast((each) => nameOf(each) === name(path))
    return line === undefined ? undefined : unquoted(line.slice(line.indexOf('=') + 1).trim())
  },
  set(text, path, value) {
    const line = `${name(path)}=${quoted(value)}`
    const lines = text.split('\n')
    const at = lines.findLastIndex((each) => nameOf(each) === name(path))
    if (at >= 0) return lines.with(at, line).join('\n')
    return `${text === '' || text.endsWith('\n') ? text : `${text}\n`}${line}\n`
  },
  remove(text, path) {
    return text
      .split('\n')
      .filter((each) => nameOf(each) !== name(path))
      .join('\n')
  },
}

function name(path: SettingPath): string {
  return path[0] ?? ''
}

function nameOf(line: string): string | undefined {
  return /^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=/.exec(line)?.[1]
}

function quoted(value: Json): string {
  const text = String(value)
  return /^[\w./:@-]*$/.test(text) ? text : `'${text}'`
}

function unquoted(text: string): string {
  return /^(['"`])(.*)\1$/s.exec(text)?.[2] ?? text
}
