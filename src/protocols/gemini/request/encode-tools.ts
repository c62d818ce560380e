import type { Call, Tool, ToolChoice } from '../../../core/call.ts'
import type { JsonObject } from '../../../core/json.ts'
import { inputSchema, offeredTools } from '../../translation/offered-tools.ts'
import type { GeminiEncoding } from './gemini-encoding.ts'

const serverTools = {
  web_search: 'googleSearch',
  web_fetch: 'urlContext',
  code_execution: 'codeExecution',
} as const

/** `tools` and `toolConfig`. Schemas go untouched, as `parametersJsonSchema`: nothing of them need be rewritten. */
export function encodeTools(call: Call, encoding: GeminiEncoding): JsonObject {
  const { lost } = encoding
  const hasFunctions = call.tools.some((tool) => tool.type !== 'server')
  // Gemini refuses its own tools beside functions, up to and with 2.5.
  const runs = (kind: string) =>
    Object.hasOwn(serverTools, kind) && (!hasFunctions || encoding.family.needsThoughtSignature)
  const { tools, choice } = offeredTools(call, runs, lost)
  if (call.parallelToolCalls === false && tools.length > 0) lost.lose('parallel_tool_calls')
  if (tools.length === 0) return {}
  const functionDeclarations = tools.flatMap((tool) =>
    tool.type === 'server' ? [] : [declaration(tool, encoding)],
  )
  const own = tools.flatMap((tool) => serverTool(tool, encoding))
  return {
    tools: [...(functionDeclarations.length > 0 ? [{ functionDeclarations }] : []), ...own],
    ...encodeChoice(choice, encoding),
  }
}

function declaration(
  tool: Exclude<Tool, { type: 'server' }>,
  { names, lost, wrapped }: GeminiEncoding,
): JsonObject {
  const named = {
    name: names.of(tool.name),
    ...(tool.description !== null && { description: tool.description }),
  }
  if (tool.type === 'custom') {
    lost.lose('custom_tool')
    wrapped.push(tool.name)
    return { ...named, parametersJsonSchema: inputSchema(tool.format) }
  }
  if (tool.cache) lost.lose('cache_control')
  if (tool.strict !== null) lost.lose('tool_strict')
  const takesNone = tool.parameters === null
  return { ...named, ...(!takesNone && { parametersJsonSchema: tool.parameters }) }
}

function serverTool(tool: Tool, { lost }: GeminiEncoding): JsonObject[] {
  if (tool.type !== 'server' || tool.kind === 'other') return []
  const { search } = tool
  if (
    search &&
    (search.maxUses !== null ||
      search.userLocation !== null ||
      search.contextSize !== null ||
      search.allowedDomains.length > 0)
  ) {
    lost.lose('server_tool_options')
  }
  const excluded = search?.blockedDomains ?? []
  return [{ [serverTools[tool.kind]]: excluded.length > 0 ? { excludeDomains: excluded } : {} }]
}

function encodeChoice(choice: ToolChoice | null, { names }: GeminiEncoding): JsonObject {
  if (choice === null) return {}
  const modes = { auto: 'AUTO', none: 'NONE', required: 'ANY' } as const
  const named = choice.type === 'tool' ? [choice.name] : choice.type === 'allowed' ? choice.names : []
  // Names may only stand with ANY, or with VALIDATED, which is AUTO for those who name them.
  const allowedAuto = choice.type === 'allowed' && choice.mode === 'auto'
  const mode =
    choice.type === 'tool' || choice.type === 'allowed'
      ? allowedAuto
        ? 'VALIDATED'
        : 'ANY'
      : modes[choice.type]
  const allowedFunctionNames = named.map((name) => names.of(name))
  return {
    toolConfig: {
      functionCallingConfig: { mode, ...(allowedFunctionNames.length > 0 && { allowedFunctionNames }) },
    },
  }
}
