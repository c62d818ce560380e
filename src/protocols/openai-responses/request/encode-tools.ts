import type { Call, SearchOptions, Tool, ToolChoice } from '../../../core/call.ts'
import type { JsonObject } from '../../../core/json.ts'
import { offeredTools } from '../../translation/offered-tools.ts'
import type { ResponsesEncoding } from './responses-encoding.ts'

/** `tools` and `tool_choice`. */
export function encodeTools(call: Call, encoding: ResponsesEncoding): JsonObject {
  const runs = (kind: string) => kind === 'web_search' || kind === 'code_execution'
  const { tools, choice } = offeredTools(call, runs, encoding.lost)
  if (tools.length === 0) return {}
  const parallel = call.parallelToolCalls === null ? {} : { parallel_tool_calls: call.parallelToolCalls }
  return { tools: grouped(tools, encoding), ...encodeChoice(choice, tools, encoding), ...parallel }
}

/** Tools of a namespace stand together in it, where the first of them stood. */
function grouped(tools: readonly Tool[], encoding: ResponsesEncoding): JsonObject[] {
  const groups = new Map<string, JsonObject[]>()
  return tools.flatMap((tool) => {
    const encoded = encodeTool(tool, encoding)
    const namespace = tool.type === 'server' ? undefined : tool.namespace
    if (namespace === undefined) return [encoded]
    const group = groups.get(namespace)
    if (group) {
      group.push(encoded)
      return []
    }
    const started = [encoded]
    groups.set(namespace, started)
    return [{ type: 'namespace', name: namespace, tools: started }]
  })
}

function encodeTool(tool: Tool, { lost, named }: ResponsesEncoding): JsonObject {
  if (tool.type === 'server') {
    if (tool.kind === 'code_execution') return { type: 'code_interpreter', container: { type: 'auto' } }
    return { type: 'web_search', ...(tool.search && searchOptions(tool.search, lost)) }
  }
  const { name } = named(tool.name)
  const described = tool.description === null ? {} : { description: tool.description }
  if (tool.type === 'custom') {
    return { type: 'custom', name, ...described, ...(tool.format !== null && { format: tool.format }) }
  }
  if (tool.cache) lost.lose('cache_control')
  const parameters = tool.parameters ?? { type: 'object', properties: {} }
  // Left out, OpenAI takes it for true and refuses schemas that are not strict.
  return { type: 'function', name, ...described, parameters, strict: tool.strict ?? false }
}

function searchOptions(search: SearchOptions, lost: ResponsesEncoding['lost']): JsonObject {
  if (search.maxUses !== null || search.blockedDomains.length > 0) lost.lose('server_tool_options')
  return {
    ...(search.allowedDomains.length > 0 && { filters: { allowed_domains: search.allowedDomains } }),
    ...(search.userLocation && { user_location: { type: 'approximate', ...search.userLocation } }),
    ...(search.contextSize !== null && { search_context_size: search.contextSize }),
  }
}

function encodeChoice(
  choice: ToolChoice | null,
  tools: readonly Tool[],
  { named }: ResponsesEncoding,
): JsonObject {
  if (choice === null) return {}
  const one = (name: string): JsonObject => {
    const tool = tools.find((offered) => offered.name === name)
    if (tool?.type === 'server')
      return { type: tool.kind === 'code_execution' ? 'code_interpreter' : 'web_search' }
    return { type: tool?.type === 'custom' ? 'custom' : 'function', ...named(name) }
  }
  if (choice.type === 'tool') return { tool_choice: one(choice.name) }
  if (choice.type !== 'allowed') return { tool_choice: choice.type }
  return { tool_choice: { type: 'allowed_tools', mode: choice.mode, tools: choice.names.map(one) } }
}
