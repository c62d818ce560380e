import { isObject, type Json, type JsonObject } from '../../core/json.ts'
import type { RequestFacts } from '../../core/protocol.ts'
import { filled, hasSubstance } from '../substance.ts'
import { systemStart } from '../system-start.ts'
import { toolNames } from '../tool-names.ts'

/** Item types without a role that the model wrote, besides all `…_call`s. */
const modelItems = new Set([
  'compaction',
  'item_reference',
  'mcp_approval_request',
  'mcp_list_tools',
  'program',
  'reasoning',
])

export function readResponsesRequest(body: JsonObject): RequestFacts {
  const input = inputItems(body.input)
  const instructions = hasSubstance(body.instructions) ? body.instructions : undefined
  const system = instructions === undefined ? [] : [{ answer: false, item: instructions }]
  return {
    model: filled(body.model) ?? null,
    stream: body.stream === true,
    asksForUsage: true,
    conversation: [...system, ...input.map((item) => ({ answer: isAnswer(item), item }))],
    userId: filled(body.user) ?? filled(body.safety_identifier) ?? null,
    promptCacheKey: filled(body.prompt_cache_key) ?? null,
    toolNames: toolNames(body.tools),
    systemStart: systemStart(instructions ?? systemContent(input)),
  }
}

function inputItems(input: Json | undefined): readonly Json[] {
  if (Array.isArray(input)) return input
  return filled(input) === undefined ? [] : [input ?? null]
}

function isAnswer(item: Json): boolean {
  if (!isObject(item)) return false
  if (typeof item.role === 'string') return item.role === 'assistant'
  const type = filled(item.type) ?? ''
  return type.endsWith('_call') || modelItems.has(type)
}

/** Codex has no `instructions` but developer messages. */
function systemContent(input: readonly Json[]): Json | undefined {
  for (const item of input) {
    if (isObject(item) && (item.role === 'system' || item.role === 'developer')) return item.content
  }
  return undefined
}
