import type { SearchOptions, Tool, ToolChoice } from '../../../core/call.ts'
import type { JsonObject } from '../../../core/json.ts'
import { inputSchema, offeredTools } from '../../translation/offered-tools.ts'
import type { GeminiEncoding } from './gemini-encoding.ts'

type ServerTool = Extract<Tool, { type: 'server' }>
type DeclaredTool = Exclude<Tool, ServerTool>

const serverTools = {
  web_search: 'googleSearch',
  web_fetch: 'urlContext',
  code_execution: 'codeExecution',
} as const

/** `tools` and `toolConfig`. Schemas go untouched, as `parametersJsonSchema`: nothing of them need be rewritten. */
export function encodeTools(encoding: GeminiEncoding): JsonObject {
  const { call, traits, lost } = encoding
  const hasFunctions = call.tools.some((tool) => tool.type !== 'server')
  const runs = (kind: string) => Object.hasOwn(serverTools, kind) && (!hasFunctions || traits.mixes)
  const { tools, choice } = offeredTools(call, runs, lost)
  const declared = tools.filter((tool) => tool.type !== 'server')
  const own = tools.filter((tool) => tool.type === 'server' && mayRun(tool, choice))
  if (call.parallelToolCalls === false && declared.length > 0) lost.lose('parallel_tool_calls')
  if (declared.length + own.length === 0) return {}
  const functionDeclarations = declared.map((tool) => declaration(tool, encoding))
  return {
    tools: [
      ...(functionDeclarations.length > 0 ? [{ functionDeclarations }] : []),
      ...own.flatMap((tool) => (tool.type === 'server' ? serverTool(tool, encoding) : [])),
    ],
    ...toolConfig(choice, declared, own.length > 0, encoding),
  }
}

/** Gemini's choice binds functions only: from its own tools the model is kept by not offering them. */
function mayRun({ name }: Tool, choice: ToolChoice | null): boolean {
  if (choice?.type === 'allowed') return choice.names.includes(name)
  return choice?.type !== 'none'
}

function declaration(tool: DeclaredTool, { names, lost, wrapped }: GeminiEncoding): JsonObject {
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
  if (tool.strict === true) lost.lose('tool_strict')
  return { ...named, ...(tool.parameters !== null && { parametersJsonSchema: tool.parameters }) }
}

function serverTool({ kind, search }: ServerTool, { lost }: GeminiEncoding): JsonObject[] {
  if (kind === 'other') return []
  if (search && narrows(search)) lost.lose('server_tool_options')
  const excludeDomains = search?.blockedDomains ?? []
  return [{ [serverTools[kind]]: excludeDomains.length > 0 ? { excludeDomains } : {} }]
}

function narrows({ maxUses, userLocation, contextSize, allowedDomains }: SearchOptions): boolean {
  return maxUses !== null || userLocation !== null || contextSize !== null || allowedDomains.length > 0
}

/** Google's API wants to be told when a request offers tools of both kinds. */
function toolConfig(
  choice: ToolChoice | null,
  declared: readonly DeclaredTool[],
  hasOwn: boolean,
  encoding: GeminiEncoding,
): JsonObject {
  const isMixed = hasOwn && declared.length > 0
  const functionCallingConfig = callingConfig(choice, declared, encoding)
  // Beside its own tools the model chooses freely unless it is told otherwise, and AUTO is no mode.
  const isSaid = functionCallingConfig !== undefined && !(isMixed && functionCallingConfig.mode === 'AUTO')
  const config = {
    ...(isSaid && { functionCallingConfig }),
    ...(isMixed && { includeServerSideToolInvocations: true }),
  }
  return Object.keys(config).length === 0 ? {} : { toolConfig: config }
}

/** Modes without functions, and names of anything else, are refused. */
function callingConfig(
  choice: ToolChoice | null,
  declared: readonly DeclaredTool[],
  { names, lost }: GeminiEncoding,
): JsonObject | undefined {
  if (choice === null) return undefined
  const wanted = namesOf(choice)
  const callable = wanted === null ? declared : declared.filter(({ name }) => wanted.includes(name))
  if (callable.length === 0) {
    if (modeOf(choice) === 'ANY') lost.lose('forced_tool')
    return declared.length === 0 ? undefined : { mode: 'NONE' }
  }
  const allowedFunctionNames = wanted === null ? null : callable.map(({ name }) => names.of(name))
  return { mode: modeOf(choice), ...(allowedFunctionNames && { allowedFunctionNames }) }
}

function namesOf(choice: ToolChoice): readonly string[] | null {
  if (choice.type === 'tool') return [choice.name]
  return choice.type === 'allowed' ? choice.names : null
}

const modes = { auto: 'AUTO', none: 'NONE', required: 'ANY', tool: 'ANY' } as const

/** Names may only stand with ANY, or with VALIDATED, which is AUTO for those who name them. */
function modeOf(choice: ToolChoice): string {
  if (choice.type !== 'allowed') return modes[choice.type]
  return choice.mode === 'auto' ? 'VALIDATED' : 'ANY'
}
