import type { z } from 'zod'
import { allowedWords } from './allowed.ts'
import { isNullable, kindOf } from './keys.ts'

export type OutsideValue = { value: unknown } | { problem: string }

const yes: ReadonlySet<string> = new Set(['1', 'true', 'yes', 'on'])
const no: ReadonlySet<string> = new Set(['0', 'false', 'no', 'off'])

/**
 * A value written as plain text, in a variable or by `${…}`, as its key's schema wants it. A problem names
 * what is allowed; `shown` stands in it for the text, which may be a secret.
 */
export function readOutsideValue(
  text: string,
  schema: z.core.$ZodType,
  shown = JSON.stringify(text),
): OutsideValue {
  const word = text.trim()
  if (word === 'null' && isNullable(schema)) return { value: null }
  switch (kindOf(schema)) {
    case 'boolean':
      if (yes.has(word.toLowerCase())) return { value: true }
      if (no.has(word.toLowerCase())) return { value: false }
      return { problem: `got ${shown}; allowed: 1 true yes on, or 0 false no off` }
    case 'number':
      if (/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(word)) return { value: Number(word) }
      return { problem: `got ${shown}; allowed: ${allowedWords(schema)}` }
    case 'text':
      return { value: text }
    case 'text or json':
      return word.startsWith('{') ? readJson(word, schema) : { value: text }
    case 'json':
      return readJson(word, schema)
  }
}

function readJson(text: string, schema: z.core.$ZodType): OutsideValue {
  try {
    return { value: JSON.parse(text) }
  } catch {
    return { problem: `is not JSON, such as ["a", "b"] or {"a": 1}; allowed: ${allowedWords(schema)}` }
  }
}
