import { type AccessKey, accessHeader } from './client.ts'

/** `export NAME=value`, quoted for POSIX shells. */
export function exportLine(name: string, value: string): string {
  return `export ${name}=${shellWord(value)}`
}

/** `export NAME="<before>$KEY"`: the key by its variable where it has one. */
export function exportKeyLine(name: string, before: string, key: AccessKey): string {
  return key.variable === null
    ? exportLine(name, before + key.value)
    : `export ${name}="${before}$${key.variable}"`
}

/** The line that sends the access key as a header, for a client whose variable takes `name: value`. */
export function exportHeaderLine(name: string, key: AccessKey | null): string[] {
  return key === null ? [] : [exportKeyLine(name, `${accessHeader}: `, key)]
}

/** A word as a POSIX shell takes it, quoted only where it must be. */
export function shellWord(text: string): string {
  return /^[\w./:@%+=,-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
}
