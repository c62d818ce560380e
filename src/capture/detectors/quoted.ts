import { printable } from '../../core/printable.ts'
import { overwriteKeys } from '../../core/secrets/key-patterns.ts'

const longest = 200

/** Words from the wire for a sentence: short, harmless on a terminal, and without the keys that they may quote. */
export function quoted(text: string): string {
  return printable(overwriteKeys(text.slice(0, 4 * longest), (kind) => `<${kind}>`).trim(), longest)
}

/** The same as the end of a sentence, which has a full stop of its own. */
export function quotedEnd(text: string): string {
  return quoted(text).replace(/[.\s]+$/, '')
}
