import type { Tool, ToolChoice } from '../../../core/call.ts'
import type { JsonObject } from '../../../core/json.ts'
import { inputSchema, offeredTools, onlyAllowed } from '../../translation/offered-tools.ts'
import type { ChatEncoding } from './chat-encoding.ts'
import { cacheMark } from './encode-content.ts'
import { encodeSearch } from './encode-search.ts'

/** OpenAI's models that search the web in every answer. */
const searching = /-search-(preview|api)/
/** They call one tool at a time, and refuse to be told so. */
const oneAtATime = /(^|[/.])o[1-9](-|$)/

/** `tools`, `tool_choice` and what goes with them. */
export function encodeTools(encoding: ChatEncoding): JsonObject {
  const { call, dialect, target, lost } = encoding
  const searches = dialect.accountOptions && searching.test(target.model)
  const offered = offeredTools(call, (kind) => searches && kind === 'web_search', lost)
  const { tools, choice } = dialect.customTools ? offered : onlyAllowed(offered)
  const encoded = tools.flatMap((tool) => encodeTool(tool, encoding))
  const search = encodeSearch(tools, lost)
  if (encoded.length === 0) return search
  return {
    tools: encoded,
    ...encodeChoice(choice, encoding, tools),
    ...encodeParallel(encoding),
    ...search,
  }
}

function encodeParallel({ call, dialect, target, lost }: ChatEncoding): JsonObject {
  const { parallelToolCalls } = call
  if (oneAtATime.test(target.model)) return {}
  if (dialect.parallelOption) return { parallel_tool_calls: parallelToolCalls }
  if (parallelToolCalls === false) lost.lose('parallel_tool_calls')
  return {}
}

function encodeTool(tool: Tool, encoding: ChatEncoding): JsonObject[] {
  const { dialect, names, lost, wrapped } = encoding
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
  const mark = cacheMark(tool.cache, encoding)
  if (tool.strict !== null && !dialect.strictTools) lost.lose('tool_strict')
  const strict = tool.strict !== null && dialect.strictTools ? { strict: tool.strict } : {}
  const parameters = tool.parameters ?? { type: 'object', properties: {} }
  return [{ type: 'function', function: { ...named, parameters, ...strict }, ...mark }]
}

function encodeChoice(
  choice: ToolChoice | null,
  { dialect, names }: ChatEncoding,
  tools: readonly Tool[],
): JsonObject {
  if (choice === null) return {}
  const typeOf = (name: string) => tools.find((tool) => tool.name === name)?.type
  const named = (name: string): JsonObject => {
    const type = dialect.customTools && typeOf(name) === 'custom' ? 'custom' : 'function'
    return { type, [type]: { name: names.of(name) } }
  }
  if (choice.type === 'tool') {
    // A search that always happens needs no force.
    return typeOf(choice.name) === 'server' ? {} : { tool_choice: named(choice.name) }
  }
  if (choice.type !== 'allowed') return { tool_choice: choice.type }
  const allowed_tools = { mode: choice.mode, tools: choice.names.map(named) }
  return { tool_choice: { type: 'allowed_tools', allowed_tools } }
}
