import type { Call, ServerToolKind, Tool, ToolChoice } from '../../core/call.ts'
import type { Json, JsonObject } from '../../core/json.ts'

/** Of a request's losses those that any protocol can have with tools. */
interface ToolLosses {
  lose(loss: 'server_tool' | 'only_server_tools' | 'forced_tool'): void
}

export interface OfferedTools {
  tools: Tool[]
  choice: ToolChoice | null
}

/**
 * The tools of a call that a backend can be offered, and the choice among them. A tool that the provider does not run
 * is left out; where none but such were offered, or one of them is forced, the answer would be another one.
 */
export function offeredTools(
  { tools, toolChoice }: Pick<Call, 'tools' | 'toolChoice'>,
  runs: (kind: ServerToolKind) => boolean,
  lost: ToolLosses,
): OfferedTools {
  const offered = tools.filter((tool) => tool.type !== 'server' || runs(tool.kind))
  if (offered.length < tools.length) lost.lose(offered.length === 0 ? 'only_server_tools' : 'server_tool')
  const forced = toolChoice?.type === 'tool' ? toolChoice.name : null
  if (forced !== null && !offered.some(({ name }) => name === forced)) lost.lose('forced_tool')
  return { tools: offered, choice: offered.length === 0 ? null : toolChoice }
}

/** For backends that know no list of allowed tools: only those are offered. */
export function onlyAllowed({ tools, choice }: OfferedTools): {
  tools: Tool[]
  choice: Exclude<ToolChoice, { type: 'allowed' }> | null
} {
  if (choice?.type !== 'allowed') return { tools, choice }
  const { names, mode } = choice
  return { tools: tools.filter(({ name }) => names.includes(name)), choice: { type: mode } }
}

/** A custom tool's free text as the one string of an object, with its format in words. */
export function inputSchema(format: Json): JsonObject {
  const description =
    format === null ? {} : { description: `Free text of this format: ${JSON.stringify(format)}` }
  return { type: 'object', properties: { input: { type: 'string', ...description } }, required: ['input'] }
}
