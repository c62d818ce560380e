import type { Call, SearchOptions, ServerToolKind, Tool, ToolChoice } from '../../../core/call.ts'
import {
  arrayAt,
  isObject,
  type Json,
  type JsonObject,
  numberAt,
  objectAt,
  stringAt,
} from '../../../core/json.ts'
import { filled } from '../../substance.ts'
import { badRequest, objectsOf } from '../../translation/request-fields.ts'
import { cacheOf } from './decode-cache.ts'
import type { Specials } from './request-parameters.ts'

/** Anthropic's own tools have a type with a date: `web_search_20250305`. */
const kinds: readonly [RegExp, ServerToolKind][] = [
  [/^web_search_\d/, 'web_search'],
  [/^web_fetch_\d/, 'web_fetch'],
  [/^code_execution_\d/, 'code_execution'],
]

export function decodeTools(tools: Json | undefined, special: Specials): Tool[] {
  return objectsOf(tools, 'tools').map((tool, at) => {
    const type = filled(tool.type) ?? 'custom'
    return type === 'custom' ? decodeFunction(tool, `tools[${at}]`, special) : decodeServerTool(tool, type)
  })
}

function decodeFunction(tool: JsonObject, param: string, special: Specials): Tool {
  const name = filled(tool.name)
  if (name === undefined) throw badRequest(param, 'has no name')
  if (Array.isArray(tool.input_examples) && tool.input_examples.length > 0) {
    special.push({ loss: 'other_parameters', param: 'tools.input_examples' })
  }
  return {
    type: 'function',
    name,
    description: filled(tool.description) ?? null,
    parameters: objectAt(tool, 'input_schema') ?? null,
    strict: typeof tool.strict === 'boolean' ? tool.strict : null,
    ...cacheOf(tool),
  }
}

function decodeServerTool(tool: JsonObject, type: string): Tool {
  const kind = kinds.find(([pattern]) => pattern.test(type))?.[1] ?? 'other'
  const name = filled(tool.name) ?? type
  if (kind !== 'web_search' && kind !== 'web_fetch') return { type: 'server', kind, name, raw: tool }
  return { type: 'server', kind, name, raw: tool, search: decodeSearch(tool) }
}

function decodeSearch(tool: JsonObject): SearchOptions {
  return {
    allowedDomains: stringsOf(arrayAt(tool, 'allowed_domains')),
    blockedDomains: stringsOf(arrayAt(tool, 'blocked_domains')),
    maxUses: numberAt(tool, 'max_uses') ?? null,
    userLocation: locationOf(objectAt(tool, 'user_location')),
    contextSize: null,
  }
}

function locationOf(location: JsonObject | undefined): SearchOptions['userLocation'] {
  if (location === undefined) return null
  const [city, region] = [filled(location.city), filled(location.region)]
  const [country, timezone] = [filled(location.country), filled(location.timezone)]
  return {
    ...(city !== undefined && { city }),
    ...(region !== undefined && { region }),
    ...(country !== undefined && { country }),
    ...(timezone !== undefined && { timezone }),
  }
}

function stringsOf(list: readonly Json[] = []): string[] {
  return list.filter((item) => typeof item === 'string')
}

type ChoiceReader = (choice: JsonObject) => ToolChoice

const choices: ReadonlyMap<string, ChoiceReader> = new Map<string, ChoiceReader>([
  ['auto', () => ({ type: 'auto' })],
  ['none', () => ({ type: 'none' })],
  ['any', () => ({ type: 'required' })],
  ['tool', (choice) => ({ type: 'tool', name: forcedName(choice) })],
])

export function decodeToolChoice(choice: Json | undefined): Pick<Call, 'toolChoice' | 'parallelToolCalls'> {
  if (choice === undefined || choice === null) return { toolChoice: null, parallelToolCalls: null }
  const read = choices.get(stringAt(choice, 'type') ?? '')
  if (!isObject(choice) || read === undefined) {
    throw badRequest('tool_choice.type', 'is none of auto, any, tool and none')
  }
  const off = choice.disable_parallel_tool_use
  return { toolChoice: read(choice), parallelToolCalls: typeof off === 'boolean' ? !off : null }
}

function forcedName(choice: JsonObject): string {
  const name = filled(choice.name)
  if (name === undefined) throw badRequest('tool_choice.name', 'names no tool')
  return name
}
