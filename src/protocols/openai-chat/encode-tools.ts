import type { Call, Tool, ToolChoice } from '../../core/call.ts'
import type { JsonObject } from '../../core/json.ts'
import { inputSchema, offeredTools, onlyAllowed } from '../translation/offered-tools.ts'
import type { TargetNames } from '../translation/tool-target-names.ts'
import type { ChatLost } from './chat-lost.ts'
import type { ChatDialect } from './dialects.ts'

export interface ToolEncoding {
  dialect: ChatDialect
  names: TargetNames
  lost: ChatLost
  /** Collects custom tools that are offered as functions. */
  wrapped: string[]
}

/** `tools` and `tool_choice`. */
export function encodeTools(call: Call, encoding: ToolEncoding): JsonObject {
  const offered = offeredTools(call, () => false, encoding.lost)
  const { tools, choice } = encoding.dialect.customTools ? offered : onlyAllowed(offered)
  if (tools.length === 0) return {}
  const encoded = tools.flatMap((tool) => encodeTool(tool, encoding))
  return {
    tools: encoded,
    ...encodeChoice(choice, encoding, encoding.dialect.customTools ? tools : []),
    ...parallel(call, encoding),
  }
}

function parallel({ parallelToolCalls }: Call, { dialect }: ToolEncoding): JsonObject {
  return parallelToolCalls === null || !dialect.parallelOption
    ? {}
    : { parallel_tool_calls: parallelToolCalls }
}

function encodeTool(tool: Tool, { dialect, names, lost, wrapped }: ToolEncoding): JsonObject[] {
  if (tool.type === 'server') return []
  const named = {
    name: names.of(tool.name),
    ...(tool.description !== null && { description: tool.description }),
  }
  if (tool.type === 'custom') {
    if (dialect.customTools) {
      return [{ type: 'custom', custom: { ...named, ...(tool.format !== null && { format: tool.format }) } }]
    }
    lost.lose('custom_tool')
    wrapped.push(tool.name)
    return [{ type: 'function', function: { ...named, parameters: inputSchema(tool.format) } }]
  }
  if (tool.cache) lost.lose('cache_control')
  if (tool.strict !== null && !dialect.strictTools) lost.lose('tool_strict')
  const strict = tool.strict !== null && dialect.strictTools ? { strict: tool.strict } : {}
  const parameters = tool.parameters ?? { type: 'object', properties: {} }
  return [{ type: 'function', function: { ...named, parameters, ...strict } }]
}

function encodeChoice(
  choice: ToolChoice | null,
  { names }: ToolEncoding,
  tools: readonly Tool[],
): JsonObject {
  if (choice === null) return {}
  const named = (name: string): JsonObject => {
    const type = tools.find((tool) => tool.name === name)?.type === 'custom' ? 'custom' : 'function'
    return { type, [type]: { name: names.of(name) } }
  }
  if (choice.type === 'tool') return { tool_choice: named(choice.name) }
  if (choice.type !== 'allowed') return { tool_choice: choice.type }
  const allowed_tools = { mode: choice.mode, tools: choice.names.map(named) }
  return { tool_choice: { type: 'allowed_tools', allowed_tools } }
}
