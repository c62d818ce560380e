import { type ConfigPath, formatPath } from './paths.ts'
import { isSecretPath } from './secret-paths.ts'

const maxLength = 60

/** A wrong value as a message may quote it: never a secret, never what a reference brought. */
export function shownValue(value: unknown, path: ConfigPath, sources: ReadonlyMap<string, string>): string {
  const source = sources.get(formatPath(path))
  if (source !== undefined) return `the value of ${source}`
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object' && value !== null) return 'a mapping'
  if (isSecretPath(path)) return typeof value === 'string' ? 'another text' : `a ${typeof value}`
  const text = typeof value === 'string' ? JSON.stringify(value) : String(value)
  return text.length > maxLength ? `${text.slice(0, maxLength)}…` : text
}
