import { ProxyError } from '../core/errors.ts'
import { nearest } from '../core/nearest.ts'
import { printable } from '../core/printable.ts'

/** One place of a selector, in the order of failover. */
export interface SelectorPart {
  /** The configured backend or type that is named, else null: a bare model. */
  backendName: string | null
  model: string
  /** What stands before a colon like a backend's name, though none is called so. */
  unknownName: string | null
  /** Where the part begins in the selector, from 0. */
  at: number
}

/**
 * Reads `backend:model` and `a|b|c` (`spec/health-and-routing.md`, rule 1). Text before the first colon is a
 * backend only if one is called so and no slash comes before it: `llama3:8b` is a model.
 * Throws `bad_selector` with a line that points at the character.
 */
export function parseSelector(text: string, isBackend: (name: string) => boolean): SelectorPart[] {
  if (!text.includes('|')) return [parsePart(text, text, 0, isBackend)]
  const parts: SelectorPart[] = []
  let at = 0
  for (const piece of text.split('|')) {
    const word = piece.trim()
    const wordAt = at + (piece.length - piece.trimStart().length)
    if (word === '') throw badSelector(text, at, 'a place between | is empty')
    parts.push(parsePart(word, text, wordAt, isBackend))
    at += piece.length + 1
  }
  return parts
}

function parsePart(
  word: string,
  selector: string,
  at: number,
  isBackend: (name: string) => boolean,
): SelectorPart {
  const colon = word.indexOf(':')
  const slash = word.indexOf('/')
  if (colon <= 0 || (slash >= 0 && slash < colon)) {
    return { backendName: null, model: word, unknownName: null, at }
  }
  const name = word.slice(0, colon)
  if (!isBackend(name)) return { backendName: null, model: word, unknownName: name, at }
  const model = word.slice(colon + 1)
  if (model.trim() === '') {
    throw badSelector(selector, at + colon + 1, `no model stands after "${printable(name)}:"`)
  }
  return { backendName: name, model, unknownName: null, at }
}

/** A selector with a fault at one character, counted from 0. */
export function badSelector(selector: string, at: number, fault: string): ProxyError {
  const message = [
    `the model selector is wrong at character ${at + 1}: ${fault}`,
    `  ${printable(selector)}`,
    `  ${' '.repeat(at)}^`,
    'write backend:model, or several of them with | between for failover in that order',
  ]
  return new ProxyError('bad_selector', message.join('\n'), { param: 'model' })
}

/** The fault of a part that names a backend which is not there. */
export function unknownName(name: string, known: readonly string[]): string {
  const near = nearest(name, known)
  const next = near === undefined ? `backends here: ${known.join(', ')}` : `did you mean ${near}?`
  return `no backend is called "${printable(name)}"; ${next}`
}
