import { isObject, type JsonObject, objectAt } from '../../core/json.ts'
import type { RequestFacts } from '../../core/protocol.ts'
import { filled, hasSubstance } from '../substance.ts'
import { systemStart } from '../system-start.ts'
import { toolNames } from '../tool-names.ts'

/** Messages may have the role `system` too: newer clients put instructions in the middle of the conversation. */
export function readMessagesRequest(body: JsonObject): RequestFacts {
  const messages = Array.isArray(body.messages) ? body.messages : []
  const system = hasSubstance(body.system) ? [{ answer: false, item: body.system ?? null }] : []
  return {
    model: filled(body.model) ?? null,
    stream: body.stream === true,
    asksForUsage: true,
    conversation: [
      ...system,
      ...messages.map((item) => ({ answer: isObject(item) && item.role === 'assistant', item })),
    ],
    userId: filled(objectAt(body, 'metadata')?.user_id) ?? null,
    promptCacheKey: null,
    toolNames: toolNames(body.tools),
    systemStart: systemStart(body.system),
  }
}
