import { printable } from '../core/printable.ts'
import { remembered } from '../core/remembered.ts'
import type { Secrets } from '../core/secrets/secrets.ts'
import { isSensitiveHeader } from '../core/secrets/sensitive-names.ts'

export interface PlainTexts {
  isPlain(text: string): boolean
  /** Of fields without a structure of their own. */
  arePlain(fields: Readonly<Record<string, unknown>>): boolean
}

/**
 * Tells whether texts can be written as they are: no secret in them and nothing that a terminal obeys. Nearly all of them
 * were asked about before. False says only that the line has to be looked at whole.
 */
export function plainTexts(secrets: Secrets): PlainTexts {
  const plain = remembered((text) => secrets.redactText(text) === text && printable(text) === text)
  // A secret can be one by the name before it.
  const plainName = remembered(
    (name) => /^[a-z][a-z0-9_]*$/.test(name) && !isSensitiveHeader(name) && plain.of(name),
  )
  secrets.onLearned(() => {
    plain.forget()
    plainName.forget()
  })

  const isPlainValue = (value: unknown): boolean => {
    if (typeof value === 'string') return plain.of(value)
    if (typeof value === 'object' && value !== null) return Array.isArray(value) && value.length === 0
    return typeof value !== 'function'
  }
  return {
    isPlain: (text) => plain.of(text),
    arePlain(fields) {
      for (const name in fields) if (!plainName.of(name) || !isPlainValue(fields[name])) return false
      return true
    },
  }
}
