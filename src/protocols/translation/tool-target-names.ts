import { createHash } from 'node:crypto'

/** Which tool names a protocol takes. */
export interface NameRule {
  pattern: RegExp
  maxLength: number
}

export const chatNames: NameRule = { pattern: /^[a-zA-Z0-9_-]{1,64}$/, maxLength: 64 }
export const responsesNames: NameRule = { pattern: /^[a-zA-Z0-9_-]{1,128}$/, maxLength: 128 }
export const messagesNames: NameRule = { pattern: /^[a-zA-Z0-9_-]{1,128}$/, maxLength: 128 }
export const geminiNames: NameRule = { pattern: /^[a-zA-Z_][\w.:-]{0,127}$/, maxLength: 128 }

/**
 * The names of a call's tools as a backend takes them: as they are where they fit, else shortened with a hash, the
 * same each time. `original` leads back in the answer.
 */
export class TargetNames {
  readonly #rule: NameRule
  readonly original: Record<string, string> = Object.create(null)

  constructor(rule: NameRule) {
    this.#rule = rule
  }

  of(name: string): string {
    if (this.#rule.pattern.test(name)) return name
    const hash = createHash('sha256').update(name).digest('hex').slice(0, 8)
    const room = this.#rule.maxLength - hash.length - 1
    const plain = name.replace(/[^a-zA-Z0-9_-]/g, '_').slice(0, room)
    const fitting = `${/^[a-zA-Z_]/.test(plain) ? plain : `_${plain.slice(0, room - 1)}`}_${hash}`
    this.original[fitting] = name
    return fitting
  }
}
