import type { OutputFormat, SearchOptions, Tool, ToolChoice } from '../../core/call.ts'
import { isObject, type Json, type JsonObject, objectAt, stringAt } from '../../core/json.ts'
import { filled } from '../substance.ts'
import { badRequest, booleanOrNull, objectsOf, stringOrNull } from '../translation/request-fields.ts'

/** `tools`, the older `functions`, and the search that chat has as an option of its own. */
export function readTools(body: JsonObject): Tool[] {
  const tools = objectsOf(body.tools, 'tools').map((tool, index) => readTool(tool, `tools[${index}]`))
  const functions = objectsOf(body.functions, 'functions').map((fn, index) =>
    functionTool(fn, `functions[${index}]`),
  )
  const search = body.web_search_options
  return [...tools, ...functions, ...(isObject(search) ? [searchTool(search)] : [])]
}

function readTool(tool: JsonObject, param: string): Tool {
  const custom = objectAt(tool, 'custom')
  if (tool.type === 'custom' && custom) {
    const name = filled(custom.name)
    if (name === undefined) throw badRequest(`${param}.custom.name`, 'is missing')
    return {
      type: 'custom',
      name,
      description: stringOrNull(custom.description),
      format: custom.format ?? null,
    }
  }
  const fn = objectAt(tool, 'function')
  if (fn) return functionTool(fn, `${param}.function`)
  return { type: 'server', kind: 'other', name: filled(tool.type) ?? 'tool', raw: tool }
}

function functionTool(fn: JsonObject, param: string): Tool {
  const name = filled(fn.name)
  if (name === undefined) throw badRequest(`${param}.name`, 'is missing')
  return {
    type: 'function',
    name,
    description: stringOrNull(fn.description),
    parameters: isObject(fn.parameters) ? fn.parameters : null,
    strict: booleanOrNull(fn.strict),
  }
}

function searchTool(raw: JsonObject): Tool {
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

/** `tool_choice`, or the older `function_call`. */
export function readToolChoice(choice: Json | undefined): ToolChoice | null {
  if (choice === 'auto' || choice === 'none' || choice === 'required') return { type: choice }
  if (choice === 'any') return { type: 'required' }
  const name = nameIn(choice)
  if (name !== undefined) return { type: 'tool', name }
  const allowed = objectAt(choice, 'allowed_tools')
  if (allowed === undefined) return null
  const names = (Array.isArray(allowed.tools) ? allowed.tools : []).flatMap((tool) => nameIn(tool) ?? [])
  return { type: 'allowed', mode: allowed.mode === 'required' ? 'required' : 'auto', names }
}

function nameIn(choice: Json | undefined): string | undefined {
  const inner = objectAt(choice, 'function') ?? objectAt(choice, 'custom')
  return filled(inner?.name) ?? stringAt(choice, 'name')
}

export function readOutput(format: Json | undefined): OutputFormat | null {
  const type = stringAt(format, 'type')
  if (type === 'json_object') return { type: 'json' }
  if (type !== 'json_schema') return null
  const named = objectAt(format, 'json_schema') ?? {}
  return {
    type: 'json_schema',
    name: stringOrNull(named.name),
    description: stringOrNull(named.description),
    schema: objectAt(named, 'schema') ?? {},
    strict: booleanOrNull(named.strict),
  }
}
