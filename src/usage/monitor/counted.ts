import type { TokenCountMethod } from '../record/record.ts'

/** A number of tokens and how it came about. */
export interface Counted {
  tokens: number
  method: TokenCountMethod
}

const methods: readonly TokenCountMethod[] = ['tokenizer', 'approximate', 'bytes', 'none']

/** The lesser of two ways to count: what is said of numbers that were both used. */
export function lesser(a: TokenCountMethod, b: TokenCountMethod): TokenCountMethod {
  return methods.indexOf(a) > methods.indexOf(b) ? a : b
}

/** Two counts of what belongs together. */
export function sum(a: Counted, b: Counted | null): Counted {
  return b === null ? a : { tokens: a.tokens + b.tokens, method: lesser(a.method, b.method) }
}

/** Four bytes a token: what is left when counting fell behind. */
export function byBytes(bytes: number): Counted {
  return { tokens: Math.ceil(bytes / 4), method: 'bytes' }
}
