import { arrayAt, isObject, type Json, type JsonObject } from '../../../core/json.ts'
import type { ProtocolName } from '../../../core/protocol-name.ts'
import { canonicalJson } from '../canonical.ts'

/** One thing in the order in which providers cache a request: tools, then instructions, then the conversation. */
export interface Segment {
  /** Where it stands in the request: `messages[3]`. */
  path: string
  kind: 'tools' | 'system' | 'conversation'
  text: string
}

export interface Difference {
  path: string
  kind: Segment['kind']
  before: string
  after: string
}

/** A request as its provider caches it; breakpoints and thoughts, which come and go, are left out. */
export function segmentsOf(protocol: ProtocolName, json: JsonObject): Segment[] {
  switch (protocol) {
    case 'openai-chat':
      return [...listOf(json, 'tools', 'tools'), ...listOf(json, 'messages', 'conversation')]
    case 'openai-responses':
      return [
        ...listOf(json, 'tools', 'tools'),
        ...one(json, 'instructions'),
        ...(typeof json.input === 'string'
          ? listOf({ input: [{ role: 'user', content: json.input }] }, 'input', 'conversation')
          : listOf(json, 'input', 'conversation')),
      ]
    case 'anthropic-messages':
      return [
        ...listOf(json, 'tools', 'tools'),
        ...(typeof json.system === 'string' ? one(json, 'system') : listOf(json, 'system', 'system')),
        ...listOf(json, 'messages', 'conversation'),
      ]
    case 'gemini':
      return [
        ...listOf(json, 'tools', 'tools'),
        ...one(json, 'systemInstruction'),
        ...one(json, 'system_instruction'),
        ...listOf(json, 'contents', 'conversation'),
      ]
  }
}

function listOf(json: JsonObject, name: string, kind: Segment['kind']): Segment[] {
  const segments: Segment[] = []
  for (const [index, element] of (arrayAt(json, name) ?? []).entries()) {
    const text = textOf(element)
    if (text !== null) segments.push({ path: `${name}[${index}]`, kind, text })
  }
  return segments
}

/** Turns of one conversation have the same values in their lists. */
const texts = new WeakMap<object, { text: string | null }>()

/** Null: nothing of it is cached. */
function textOf(element: Json): string | null {
  if (typeof element !== 'object' || element === null) return canonicalJson(element)
  let known = texts.get(element)
  if (known === undefined) {
    const plain = withoutHints(element)
    known = { text: plain === undefined ? null : canonicalJson(plain) }
    texts.set(element, known)
  }
  return known.text
}

function one(json: JsonObject, name: string): Segment[] {
  const value = json[name]
  return value === undefined || value === null
    ? []
    : [{ path: name, kind: 'system', text: canonicalJson(withoutHints(value)) }]
}

const hints = new Set(['cache_control', 'cachePoint'])
const thoughts = new Set(['thinking', 'redacted_thinking', 'reasoning'])

/** Undefined: nothing of it is cached. A content that is one text reads the same as a list with that text. */
function withoutHints(value: Json): Json | undefined {
  if (Array.isArray(value)) return value.map(withoutHints).filter((element) => element !== undefined)
  if (!isObject(value)) return value
  if (typeof value.type === 'string' && thoughts.has(value.type)) return undefined
  const members = Object.entries(value).filter(([name]) => !hints.has(name))
  const plain: JsonObject = Object.fromEntries(
    members.map(([name, member]) => [name, member === undefined ? member : withoutHints(member)]),
  )
  if (typeof plain.role === 'string' && typeof plain.content === 'string') {
    plain.content = [{ type: 'text', text: plain.content }]
  }
  return plain
}

/** Where the later request is not what the earlier one was and more; null where it only goes on. */
export function firstDifference(before: readonly Segment[], after: readonly Segment[]): Difference | null {
  for (const kind of ['tools', 'system', 'conversation'] as const) {
    const old = before.filter((segment) => segment.kind === kind)
    const now = after.filter((segment) => segment.kind === kind)
    // Only the conversation grows at its end without harm.
    const length = kind === 'conversation' ? old.length : Math.max(old.length, now.length)
    for (let at = 0; at < length; at++) {
      const [was, is] = [old[at], now[at]]
      if (was?.text !== is?.text) {
        return { path: (was ?? is)?.path ?? kind, kind, before: was?.text ?? '', after: is?.text ?? '' }
      }
    }
  }
  return null
}

/** How many there are of the conversation. */
export function conversationLength(segments: readonly Segment[]): number {
  return segments.filter(({ kind }) => kind === 'conversation').length
}
