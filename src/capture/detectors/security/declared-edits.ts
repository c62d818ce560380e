import { isObject, type Json, type JsonObject, objectAt } from '../../../core/json.ts'

/**
 * A request of the client's own protocol without what the proxy may change in it (`spec/protocols.md`, The same protocol
 * on both sides): the model, the wish for the usage chunk, the session's name, and an answer that only the proxy
 * keeps.
 */
export function declaredAside(asked: JsonObject, sent: JsonObject): { asked: JsonObject; sent: JsonObject } {
  const aside = new Set(['model', 'session_id'])
  if (objectAt(sent, 'stream_options')?.include_usage === true) aside.add('stream_options')
  if (typeof asked.previous_response_id === 'string' && typeof sent.previous_response_id !== 'string') {
    for (const name of ['previous_response_id', 'input']) aside.add(name)
  }
  const without = (json: JsonObject) =>
    Object.fromEntries(Object.entries(json).filter(([name]) => !aside.has(name)))
  return { asked: without(asked), sent: without(sent) }
}

const thoughts = new Set(['thinking', 'redacted_thinking', 'reasoning'])
const states = new Set([
  'thoughtSignature',
  'thought_signature',
  'reasoning_details',
  'signature',
  'encrypted_content',
])

/**
 * Without what only the model that wrote it can read: where others have answered in a session, the proxy takes it out
 * or puts Google's word for none in its place. Turns of which nothing is left are left out too.
 */
export function withoutThoughts(value: Json): Json | undefined {
  if (Array.isArray(value)) return value.map(withoutThoughts).filter((element) => element !== undefined)
  if (!isObject(value)) return value
  if ((typeof value.type === 'string' && thoughts.has(value.type)) || value.thought === true) return undefined
  const members = Object.entries(value).filter(([name]) => !states.has(name))
  const plain: JsonObject = Object.fromEntries(
    members.map(([name, member]) => [name, member === undefined ? member : withoutThoughts(member)]),
  )
  const isEmptied = ['content', 'parts'].some((name) => isEmpty(plain[name]) && !isEmpty(value[name]))
  const isOnlyState =
    members.length < Object.keys(value).length &&
    Object.keys(plain).every((name) => name === 'text' && plain.text === '')
  return isEmptied || isOnlyState ? undefined : plain
}

function isEmpty(value: Json | undefined): boolean {
  return Array.isArray(value) && value.length === 0
}
