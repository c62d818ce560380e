import type { SearchOptions, ServerToolKind, Tool, ToolChoice } from '../../../core/call.ts'
import { isObject, type Json, type JsonObject } from '../../../core/json.ts'
import { filled } from '../../substance.ts'
import { badRequest, objectsOf, stringList, stringOrNull } from '../../translation/request-fields.ts'
import { lowerCaseTypes } from './openapi-schema.ts'
import { camelCased, either, eitherObject } from './spelling.ts'

const serverKinds: Readonly<Record<string, ServerToolKind>> = {
  googleSearch: 'web_search',
  googleSearchRetrieval: 'web_search',
  urlContext: 'web_fetch',
  codeExecution: 'code_execution',
}

/** `tools`: each holds declarations of functions, or tools of the provider's own. */
export function decodeTools(tools: Json | undefined): Tool[] {
  return objectsOf(tools, 'tools').flatMap((tool, index) =>
    Object.entries(tool).flatMap(([key, value]): Tool[] => {
      const kind = camelCased(key)
      const param = `tools[${index}].${kind}`
      if (value === null || value === undefined) return []
      if (kind === 'functionDeclarations') {
        return objectsOf(value, param).map((declared, at) => functionTool(declared, `${param}[${at}]`))
      }
      return [serverTool(kind, value)]
    }),
  )
}

function functionTool(declared: JsonObject, param: string): Tool {
  const name = filled(declared.name)
  if (name === undefined) throw badRequest(`${param}.name`, 'is missing')
  const schema = eitherObject(declared, 'parametersJsonSchema')
  const subset = eitherObject(declared, 'parameters')
  return {
    type: 'function',
    name,
    description: stringOrNull(declared.description),
    parameters: schema ?? (subset === undefined ? null : lowerCaseTypes(subset)),
    strict: null,
  }
}

function serverTool(key: string, value: Json): Tool {
  const kind = Object.hasOwn(serverKinds, key) ? (serverKinds[key] as ServerToolKind) : 'other'
  const raw = { [key]: value }
  if (kind !== 'web_search') return { type: 'server', kind, name: kind === 'other' ? key : kind, raw }
  const search: SearchOptions = {
    allowedDomains: [],
    blockedDomains: stringList(either(isObject(value) ? value : undefined, 'excludeDomains')),
    maxUses: null,
    userLocation: null,
    contextSize: null,
  }
  return { type: 'server', kind, name: kind, raw, search }
}

/** `toolConfig.functionCallingConfig`. */
export function decodeToolChoice(config: JsonObject | undefined): ToolChoice | null {
  const calling = eitherObject(config, 'functionCallingConfig')
  const mode = filled(calling?.mode)?.toUpperCase()
  const names = stringList(either(calling, 'allowedFunctionNames'))
  const [only] = names
  if (mode === 'NONE') return { type: 'none' }
  if (mode === 'ANY') {
    if (names.length === 0) return { type: 'required' }
    return names.length === 1 && only !== undefined
      ? { type: 'tool', name: only }
      : { type: 'allowed', mode: 'required', names }
  }
  if (mode !== 'AUTO' && mode !== 'VALIDATED') return null
  return names.length === 0 ? { type: 'auto' } : { type: 'allowed', mode: 'auto', names }
}
