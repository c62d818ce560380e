import type { Tool, ToolChoice } from '../../../core/call.ts'
import { isObject, type Json, type JsonObject } from '../../../core/json.ts'
import { offeredTools, onlyAllowed } from '../../translation/offered-tools.ts'
import type { EncodedOutput } from './encode-output.ts'
import { encodeServerTool, runsServerTool, serverToolName } from './encode-server-tool.ts'
import { cacheControl } from './encode-user.ts'
import { isOutputSchema } from './output-schema.ts'
import type { RequestEncoding } from './request-encoding.ts'

export interface EncodedTools {
  tools: JsonObject[]
  choice: JsonObject | undefined
  /** The choice leaves the model no other way than to call. */
  forced: boolean
  /** Custom tools that are offered as functions, by the client's names. */
  wrapped: string[]
}

/** `tool` of the output: one more, by whose arguments the model answers. */
export function encodeTools(encoding: RequestEncoding, { tool: answerTool }: EncodedOutput): EncodedTools {
  const { call, lost } = encoding
  const offered = offeredTools(call, (kind) => runsServerTool(kind, encoding), lost)
  const { tools, choice } = onlyAllowed(offered)
  const sent = tools.map((tool) => encodeTool(tool, encoding))
  const wrapped = tools.filter(({ type }) => type === 'custom').map(({ name }) => name)
  if (answerTool) {
    const others = sent.length > 0 && choice?.type !== 'none'
    sent.push({ name: answerTool.name, input_schema: { type: 'object', ...answerTool.schema } })
    const must = others ? { type: 'any' } : { type: 'tool', name: answerTool.name }
    return { tools: sent, choice: withParallel(must, encoding), forced: true, wrapped }
  }
  const chosen = sent.length === 0 ? undefined : encodeChoice(choice, tools, encoding)
  const forced = chosen?.type === 'any' || chosen?.type === 'tool'
  return { tools: sent, choice: chosen, forced, wrapped }
}

function encodeTool(tool: Tool, encoding: RequestEncoding): JsonObject {
  if (tool.type === 'server') return encodeServerTool(tool, encoding)
  return tool.type === 'custom' ? encodeCustom(tool, encoding) : encodeFunction(tool, encoding)
}

function encodeFunction(
  { name, description, parameters, strict, cache }: Extract<Tool, { type: 'function' }>,
  { names, family, lost }: RequestEncoding,
): JsonObject {
  const schema = { type: 'object', ...(parameters ?? { properties: {} }) }
  const isStrict = strict === true && family.outputFormat && isOutputSchema(schema)
  if (strict === true && !isStrict) lost.lose('tool_strict')
  return {
    name: names.of(name),
    ...(description !== null && { description }),
    input_schema: schema,
    ...(isStrict && { strict: true }),
    ...cacheControl(cache),
  }
}

function encodeCustom(
  { name, description, format }: Extract<Tool, { type: 'custom' }>,
  { names, lost }: RequestEncoding,
): JsonObject {
  lost.lose('custom_tool')
  const words = [description ?? '', grammarOf(format)].filter((text) => text !== '').join('\n\n')
  return {
    name: names.of(name),
    ...(words !== '' && { description: words }),
    input_schema: {
      type: 'object',
      properties: { input: { type: 'string', description: 'The whole input of the tool, as free text.' } },
      required: ['input'],
    },
  }
}

/** The grammar that the free text must follow, as words with its own line breaks. */
function grammarOf(format: Json): string {
  const grammar = isObject(format) && isObject(format.grammar) ? format.grammar : format
  if (!isObject(grammar) || typeof grammar.definition !== 'string') return ''
  const syntax = typeof grammar.syntax === 'string' ? `${grammar.syntax} ` : ''
  return `The input follows this ${syntax}grammar:\n${grammar.definition}`
}

/** Undefined where the call leaves it to the API. */
function encodeChoice(
  choice: Exclude<ToolChoice, { type: 'allowed' }> | null,
  tools: readonly Tool[],
  encoding: RequestEncoding,
): JsonObject | undefined {
  const { call, limits, lost, names } = encoding
  const forces = choice?.type === 'required' || choice?.type === 'tool'
  if (forces && !limits.forcedTools) {
    lost.lose('forced_tool')
    return withParallel({ type: 'auto' }, encoding)
  }
  switch (choice?.type) {
    case 'none':
      return { type: 'none' }
    case 'required':
      return withParallel({ type: 'any' }, encoding)
    case 'tool': {
      const tool = tools.find(({ name }) => name === choice.name)
      const server = tool?.type === 'server' ? serverToolName(tool.kind) : undefined
      return withParallel({ type: 'tool', name: server ?? names.of(choice.name) }, encoding)
    }
    default:
      return choice === null && call.parallelToolCalls !== false
        ? undefined
        : withParallel({ type: 'auto' }, encoding)
  }
}

function withParallel(choice: JsonObject, { call }: RequestEncoding): JsonObject {
  return call.parallelToolCalls === false ? { ...choice, disable_parallel_tool_use: true } : choice
}
