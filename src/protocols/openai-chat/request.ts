import { isObject, type Json, type JsonObject, objectAt } from '../../core/json.ts'
import type { RequestFacts } from '../../core/protocol.ts'
import { filled } from '../substance.ts'
import { systemStart } from '../system-start.ts'
import { toolNames } from '../tool-names.ts'

export function readChatRequest(body: JsonObject): RequestFacts {
  const messages = Array.isArray(body.messages) ? body.messages : []
  return {
    model: filled(body.model) ?? null,
    stream: body.stream === true,
    asksForUsage: objectAt(body, 'stream_options')?.include_usage === true,
    conversation: messages.map((item) => ({ answer: roleOf(item) === 'assistant', item })),
    userId: filled(body.user) ?? filled(body.safety_identifier) ?? null,
    promptCacheKey: filled(body.prompt_cache_key) ?? null,
    toolNames: toolNames(body.tools, body.functions),
    systemStart: systemStart(systemContent(messages)),
  }
}

function systemContent(messages: readonly Json[]): Json | undefined {
  for (const message of messages) {
    const role = roleOf(message)
    if ((role === 'system' || role === 'developer') && isObject(message)) return message.content
  }
  return undefined
}

function roleOf(message: Json): Json | undefined {
  return isObject(message) ? message.role : undefined
}
