import type { SearchOptions, ServerToolKind, Tool, ToolChoice } from '../../../core/call.ts'
import { isObject, type Json, type JsonObject } from '../../../core/json.ts'
import { filled, hasSubstance } from '../../substance.ts'
import { badRequest, objectsOf, stringList, stringOrNull } from '../../translation/request-fields.ts'
import type { GeminiDecoding } from './gemini-decoding.ts'
import { jsonSchemaOf } from './openapi-schema.ts'
import { camelCased, either, eitherObject } from './spelling.ts'

const serverKinds: Readonly<Record<string, ServerToolKind>> = {
  googleSearch: 'web_search',
  googleSearchRetrieval: 'web_search',
  enterpriseWebSearch: 'web_search',
  urlContext: 'web_fetch',
  codeExecution: 'code_execution',
}

/** `tools`: each holds declarations of functions, or tools of the provider's own. */
export function decodeTools(tools: Json | undefined, decoding: GeminiDecoding): Tool[] {
  return objectsOf(listOf(tools), 'tools').flatMap((tool, index) =>
    Object.entries(tool).flatMap(([key, value]): Tool[] => {
      const kind = camelCased(key)
      const param = `tools[${index}].${kind}`
      if (value === null || value === undefined) return []
      if (kind !== 'functionDeclarations') return [serverTool(kind, value, param, decoding)]
      return objectsOf(listOf(value), param).map((declared, at) =>
        functionTool(declared, `${param}[${at}]`, decoding),
      )
    }),
  )
}

/** The API also takes one where a list should be. */
function listOf(value: Json | undefined): Json | undefined {
  return isObject(value) ? [value] : value
}

const declarationKeys: ReadonlySet<string> = new Set([
  ...['name', 'description', 'parameters', 'parametersJsonSchema'],
])

function functionTool(declared: JsonObject, param: string, decoding: GeminiDecoding): Tool {
  const name = filled(declared.name)
  if (name === undefined) throw badRequest(`${param}.name`, 'is missing')
  noteOthers(declared, declarationKeys, param, 'other_parameters', decoding)
  const schema = eitherObject(declared, 'parametersJsonSchema')
  const subset = eitherObject(declared, 'parameters')
  return {
    type: 'function',
    name,
    description: stringOrNull(declared.description),
    parameters: schema ?? (subset === undefined ? null : jsonSchemaOf(subset)),
    strict: null,
  }
}

const searchKeys: ReadonlySet<string> = new Set(['excludeDomains'])

function serverTool(key: string, value: Json, param: string, decoding: GeminiDecoding): Tool {
  const kind = Object.hasOwn(serverKinds, key) ? (serverKinds[key] ?? 'other') : 'other'
  const raw = { [key]: value }
  if (kind !== 'web_search') return { type: 'server', kind, name: kind === 'other' ? key : kind, raw }
  const options = isObject(value) ? value : {}
  noteOthers(options, searchKeys, param, 'server_tool_options', decoding)
  const search: SearchOptions = {
    allowedDomains: [],
    blockedDomains: stringList(either(options, 'excludeDomains')),
    maxUses: null,
    userLocation: null,
    contextSize: null,
  }
  return { type: 'server', kind, name: kind, raw, search }
}

function noteOthers(
  holder: JsonObject,
  known: ReadonlySet<string>,
  param: string,
  loss: 'other_parameters' | 'server_tool_options',
  { special }: GeminiDecoding,
): void {
  for (const key of Object.keys(holder)) {
    const name = camelCased(key)
    if (!known.has(name) && hasSubstance(holder[key])) special.push({ loss, param: `${param}.${name}` })
  }
}

/** `toolConfig.functionCallingConfig`; VALIDATED is AUTO with arguments held to their schema. */
export function decodeToolChoice(
  config: JsonObject | undefined,
  { special }: GeminiDecoding,
): ToolChoice | null {
  if (hasSubstance(either(config, 'retrievalConfig'))) {
    special.push({ loss: 'server_tool_options', param: 'toolConfig.retrievalConfig' })
  }
  const calling = eitherObject(config, 'functionCallingConfig')
  const mode = filled(calling?.mode)?.toUpperCase()
  const names = stringList(either(calling, 'allowedFunctionNames'))
  const [only] = names
  if (mode === 'NONE') return { type: 'none' }
  if (mode === 'ANY') {
    if (only === undefined) return { type: 'required' }
    return names.length === 1 ? { type: 'tool', name: only } : { type: 'allowed', mode: 'required', names }
  }
  if (only !== undefined) return { type: 'allowed', mode: 'auto', names }
  return mode === 'AUTO' || mode === 'VALIDATED' ? { type: 'auto' } : null
}
