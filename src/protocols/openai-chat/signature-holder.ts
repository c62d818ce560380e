import { type JsonObject, objectAt, stringAt } from '../../core/json.ts'

/** Where Google's own OpenAI endpoint puts a thought signature: on a tool call, or on the message. */
export function signatureHolder(thought_signature: string): JsonObject {
  return { extra_content: { google: { thought_signature } } }
}

/** The signature in such a place; undefined where there is none. */
export function signatureIn(holder: JsonObject): string | undefined {
  return stringAt(objectAt(objectAt(holder, 'extra_content'), 'google'), 'thought_signature') || undefined
}
