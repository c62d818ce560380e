import type { Call, Message } from '../../core/call.ts'
import { isObject, type Json, type JsonObject } from '../../core/json.ts'

/** What only its own protocol has, or is made anew on the way. */
const leftOut = new Set(['id', 'callId', 'state', 'cache', 'special', 'usageAsked'])

/** A request in canonical words, without what is null and what translation may not keep: ids, seals, cache marks. */
export function callJson(call: Call): Json {
  return plain(call as unknown as JsonObject)
}

function plain(value: Json): Json {
  if (Array.isArray(value)) return value.map(plain)
  if (!isObject(value)) return value
  // A schema is the user's own.
  const members = Object.entries(value).filter(([name, member]) => member !== null && !leftOut.has(name))
  return Object.fromEntries(
    members.map(([name, member]) => [
      name,
      member === undefined || name === 'parameters' || name === 'schema' ? member : plain(member),
    ]),
  )
}

/** What a request is made of, without its words. */
export function callOutline({ messages, tools, stream, toolChoice, output }: Call): Json {
  return {
    stream,
    messages: messages.map(messageOutline),
    tools: tools.map(({ name }) => name),
    tool_choice: toolChoice?.type ?? null,
    output: output?.type ?? null,
  }
}

function messageOutline({ role, parts }: Message): Json {
  return {
    role,
    parts: parts.map((part) => (part.type === 'tool_call' ? `${part.type} ${part.name}` : part.type)),
  }
}
