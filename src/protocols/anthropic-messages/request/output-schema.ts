import { isObject, type Json, type JsonObject } from '../../../core/json.ts'

/** How one keyword is taken; undefined: not at all. */
type KeywordRule = (value: Json) => Json | undefined

const asItIs: KeywordRule = (value) => value
const aSchema: KeywordRule = (value) => (isObject(value) ? outputSchema(value) : value)
const schemas: KeywordRule = (value) => (Array.isArray(value) ? value.map(schemaOrValue) : undefined)
const schemasByName: KeywordRule = (value) =>
  isObject(value)
    ? Object.fromEntries(Object.entries(value).map(([name, schema]) => [name, schemaOrValue(schema ?? null)]))
    : undefined

const formats: ReadonlySet<Json> = new Set<Json>(
  'date-time time date duration email hostname uri ipv4 ipv6 uuid'.split(' '),
)

/** What Anthropic's grammar of schemas has (the official SDK's `transformJSONSchema`). */
const rules: ReadonlyMap<string, KeywordRule> = new Map<string, KeywordRule>([
  ...['type', 'enum', 'const', '$ref', 'title', 'description', 'required', 'default'].map(
    (keyword): [string, KeywordRule] => [keyword, asItIs],
  ),
  ['$defs', schemasByName],
  ['definitions', schemasByName],
  ['properties', schemasByName],
  ['items', aSchema],
  ['anyOf', schemas],
  ['allOf', schemas],
  ['format', (value) => (formats.has(value) ? value : undefined)],
  ['minItems', (value) => (value === 0 || value === 1 ? value : undefined)],
])

/** They say nothing about values, or are said anyway. */
const dropped: ReadonlySet<string> = new Set(['$schema', '$id', 'additionalProperties'])

/**
 * A JSON Schema as Anthropic takes it for answers and strict tools: objects are closed, and what its grammar does not
 * have becomes words in the description, so that the model still reads it.
 */
export function outputSchema(schema: JsonObject): JsonObject {
  const kept: JsonObject = {}
  const words: string[] = []
  for (const [keyword, value = null] of Object.entries(schema)) {
    if (dropped.has(keyword)) continue
    const name = keyword === 'oneOf' ? 'anyOf' : keyword
    const taken = rules.get(name)?.(value)
    if (taken === undefined) words.push(`${keyword}: ${JSON.stringify(value)}`)
    else kept[name] = taken
  }
  if (kept.type === 'object' || kept.properties !== undefined) kept.additionalProperties = false
  if (words.length === 0) return kept
  const said = typeof kept.description === 'string' ? [kept.description] : []
  return { ...kept, description: [...said, `{${words.join(', ')}}`].join('\n\n') }
}

function schemaOrValue(value: Json): Json {
  return isObject(value) ? outputSchema(value) : value
}

/** Whether a schema says nothing that Anthropic's grammar has not. */
export function isOutputSchema(schema: JsonObject): boolean {
  return sameText(outputSchema(schema), schema)
}

function sameText(one: Json | undefined, other: Json | undefined): boolean {
  return JSON.stringify(sorted(one)) === JSON.stringify(sorted(other))
}

function sorted(value: Json | undefined): Json | undefined {
  if (Array.isArray(value)) return value.map((item) => sorted(item) ?? null)
  if (!isObject(value)) return value
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]))
}
