import { isObject, type Json } from '../core/json.ts'
import { filled } from './substance.ts'

const maxLength = 200

/** The first 200 characters of a prompt that is a string, a list of text parts, or an object with `parts`. */
export function systemStart(prompt: Json | undefined): string {
  if (typeof prompt === 'string') return prompt.slice(0, maxLength)
  if (Array.isArray(prompt)) return listStart(prompt)
  if (!isObject(prompt)) return ''
  if (Array.isArray(prompt.parts)) return listStart(prompt.parts)
  return (partText(prompt) ?? '').slice(0, maxLength)
}

function listStart(parts: readonly Json[]): string {
  let start = ''
  for (const part of parts) {
    const text = partText(part)
    if (text !== undefined) start += start === '' ? text : `\n${text}`
    if (start.length >= maxLength) break
  }
  return start.slice(0, maxLength)
}

function partText(part: Json): string | undefined {
  return isObject(part) ? filled(part.text) : filled(part)
}
