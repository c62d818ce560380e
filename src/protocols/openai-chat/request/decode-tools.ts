import type { OutputFormat, SearchOptions, Tool, ToolChoice } from '../../../core/call.ts'
import { isObject, type Json, type JsonObject, objectAt, stringAt } from '../../../core/json.ts'
import { filled, hasSubstance } from '../../substance.ts'
import { badRequest, booleanOrNull, objectsOf, stringOrNull } from '../../translation/request-fields.ts'
import { cacheHint } from './decode-content.ts'
import type { Specials } from './specials.ts'

/** `tools`, the older `functions`, and the search that chat has as an option of its own. */
export function decodeTools(body: JsonObject): Tool[] {
  const tools = objectsOf(body.tools, 'tools').map((tool, index) => decodeTool(tool, `tools[${index}]`))
  const functions = objectsOf(body.functions, 'functions').map((fn, index) =>
    decodeFunction(fn, `functions[${index}]`),
  )
  const search = body.web_search_options
  return [...tools, ...functions, ...(isObject(search) ? [decodeSearch(search)] : [])]
}

function decodeTool(tool: JsonObject, param: string): Tool {
  const type = filled(tool.type) ?? 'function'
  if (type === 'function') {
    const made = decodeFunction(objectAt(tool, 'function'), `${param}.function`)
    const cache = cacheHint(tool.cache_control)
    return cache ? { ...made, cache } : made
  }
  if (type !== 'custom') return { type: 'server', kind: 'other', name: type, raw: tool }
  const custom = objectAt(tool, 'custom')
  const name = filled(custom?.name)
  if (name === undefined) throw badRequest(`${param}.custom.name`, 'is missing')
  return {
    type: 'custom',
    name,
    description: stringOrNull(custom?.description),
    format: custom?.format ?? null,
  }
}

function decodeFunction(fn: JsonObject | undefined, param: string): Extract<Tool, { type: 'function' }> {
  const name = filled(fn?.name)
  if (name === undefined) throw badRequest(`${param}.name`, 'is missing')
  return {
    type: 'function',
    name,
    description: stringOrNull(fn?.description),
    parameters: objectAt(fn, 'parameters') ?? null,
    strict: booleanOrNull(fn?.strict),
  }
}

function decodeSearch(raw: JsonObject): Tool {
  const place = objectAt(objectAt(raw, 'user_location'), 'approximate')
  const userLocation: SearchOptions['userLocation'] = place
    ? Object.fromEntries(
        (['city', 'region', 'country', 'timezone'] as const).flatMap((key) => {
          const value = stringAt(place, key)
          return value === undefined ? [] : [[key, value]]
        }),
      )
    : null
  const search: SearchOptions = {
    allowedDomains: [],
    blockedDomains: [],
    maxUses: null,
    userLocation,
    contextSize: stringOrNull(raw.search_context_size),
  }
  return { type: 'server', kind: 'web_search', name: 'web_search', raw, search }
}

const plainChoices: ReadonlyMap<Json | undefined, ToolChoice> = new Map<Json | undefined, ToolChoice>([
  ['auto', { type: 'auto' }],
  ['none', { type: 'none' }],
  ['required', { type: 'required' }],
  // Mistral's word.
  ['any', { type: 'required' }],
])

/** `tool_choice`, or the older `function_call`. */
export function decodeToolChoice(body: JsonObject, special: Specials): ToolChoice | null {
  const param = body.tool_choice === undefined ? 'function_call' : 'tool_choice'
  const choice = body[param]
  const plain = plainChoices.get(choice)
  if (plain !== undefined) return plain
  const name = nameIn(choice)
  if (name !== undefined) return { type: 'tool', name }
  // Said by OpenAI both ways: under its own name, and flat.
  const allowed = objectAt(choice, 'allowed_tools') ?? choice
  const tools = isObject(allowed) && Array.isArray(allowed.tools) ? allowed.tools : undefined
  if (tools !== undefined && isObject(allowed)) {
    const names = tools.flatMap((tool) => nameIn(tool) ?? [])
    return { type: 'allowed', mode: allowed.mode === 'required' ? 'required' : 'auto', names }
  }
  if (hasSubstance(choice)) special.push({ loss: 'forced_tool', param })
  return null
}

function nameIn(choice: Json | undefined): string | undefined {
  const inner = objectAt(choice, 'function') ?? objectAt(choice, 'custom')
  return filled(inner?.name) ?? (stringAt(choice, 'name') || undefined)
}

export function decodeOutput(format: Json | undefined, special: Specials): OutputFormat | null {
  const type = stringAt(format, 'type')
  if (type === 'json_object') return { type: 'json' }
  if (type === 'json_schema') {
    const named = objectAt(format, 'json_schema')
    return {
      type: 'json_schema',
      name: stringOrNull(named?.name),
      description: stringOrNull(named?.description),
      schema: objectAt(named, 'schema') ?? {},
      strict: booleanOrNull(named?.strict),
    }
  }
  const isPlain = type === 'text' || !hasSubstance(format)
  if (!isPlain) special.push({ loss: 'other_parameters', param: 'response_format' })
  return null
}
