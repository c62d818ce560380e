import type { OutputFormat, SearchOptions, ServerToolKind, Tool, ToolChoice } from '../../../core/call.ts'
import { isObject, type Json, type JsonObject, objectAt, stringAt } from '../../../core/json.ts'
import { filled } from '../../substance.ts'
import {
  badRequest,
  booleanOrNull,
  objectsOf,
  stringList,
  stringOrNull,
} from '../../translation/request-fields.ts'
import { qualifiedName } from '../namespaces.ts'

export function decodeTools(tools: Json | undefined): Tool[] {
  return objectsOf(tools, 'tools').flatMap((tool, index) => decodeTool(tool, `tools[${index}]`, undefined))
}

function decodeTool(tool: JsonObject, param: string, namespace: string | undefined): Tool[] {
  const type = filled(tool.type) ?? 'function'
  if (type === 'namespace') {
    const name = filled(tool.name)
    if (name === undefined) throw badRequest(`${param}.name`, 'is missing')
    return objectsOf(tool.tools, `${param}.tools`).flatMap((inner, at) =>
      decodeTool(inner, `${param}.tools[${at}]`, name),
    )
  }
  if (type !== 'function' && type !== 'custom') return [serverTool(type, tool)]
  const name = filled(tool.name)
  if (name === undefined) throw badRequest(`${param}.name`, 'is missing')
  const named = {
    name: qualifiedName(namespace, name),
    description: stringOrNull(tool.description),
    ...(namespace !== undefined && { namespace }),
  }
  if (type === 'custom') return [{ type, ...named, format: tool.format ?? null }]
  const parameters = isObject(tool.parameters) ? tool.parameters : null
  return [{ type, ...named, parameters, strict: booleanOrNull(tool.strict) }]
}

function serverTool(type: string, raw: JsonObject): Tool {
  const kind = kindOf(type)
  if (kind !== 'web_search') return { type: 'server', kind, name: type, raw }
  const place = objectAt(raw, 'user_location')
  const userLocation: SearchOptions['userLocation'] = place
    ? Object.fromEntries(
        (['city', 'region', 'country', 'timezone'] as const).flatMap((key) => {
          const value = stringAt(place, key)
          return value === undefined ? [] : [[key, value]]
        }),
      )
    : null
  const search: SearchOptions = {
    allowedDomains: stringList(objectAt(raw, 'filters')?.allowed_domains),
    blockedDomains: stringList(objectAt(raw, 'filters')?.blocked_domains),
    maxUses: null,
    userLocation,
    contextSize: stringOrNull(raw.search_context_size),
  }
  return { type: 'server', kind, name: 'web_search', raw, search }
}

function kindOf(type: string): ServerToolKind {
  if (type.startsWith('web_search')) return 'web_search'
  return type === 'code_interpreter' ? 'code_execution' : 'other'
}

export function decodeToolChoice(choice: Json | undefined): ToolChoice | null {
  if (choice === 'auto' || choice === 'none' || choice === 'required') return { type: choice }
  const type = stringAt(choice, 'type')
  if (type === 'allowed_tools') {
    const tools = isObject(choice) && Array.isArray(choice.tools) ? choice.tools : []
    const names = tools.flatMap((tool) => stringAt(tool, 'name') ?? [])
    return { type: 'allowed', mode: stringAt(choice, 'mode') === 'required' ? 'required' : 'auto', names }
  }
  const name = stringAt(choice, 'name') ?? (type?.startsWith('web_search') ? 'web_search' : type)
  return name ? { type: 'tool', name } : null
}

export function decodeOutput(text: JsonObject | undefined): OutputFormat | null {
  const format = objectAt(text, 'format')
  const type = stringAt(format, 'type')
  if (type === 'json_object') return { type: 'json' }
  if (type !== 'json_schema') return null
  return {
    type: 'json_schema',
    name: stringOrNull(format?.name),
    description: stringOrNull(format?.description),
    schema: objectAt(format, 'schema') ?? {},
    strict: booleanOrNull(format?.strict),
  }
}
