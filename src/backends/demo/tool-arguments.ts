import { arrayAt, isObject, type Json, type JsonObject, objectAt, stringAt } from '../../core/json.ts'

const deepest = 8

/** Arguments that fit a JSON Schema: its required properties, each with the plainest value. Always the same. */
export function toolArguments(schema: JsonObject | null): JsonObject {
  const value = schema ? exampleOf(schema, 'value', 0) : {}
  return isObject(value) ? value : {}
}

function exampleOf(schema: unknown, name: string, depth: number): Json {
  if (!isObject(schema) || depth > deepest) return null
  const fixed = fixedValue(schema)
  if (fixed !== undefined) return fixed
  const choice = arrayAt(schema, 'anyOf')?.[0] ?? arrayAt(schema, 'oneOf')?.[0]
  if (choice !== undefined) return exampleOf(choice, name, depth + 1)
  switch (typeOf(schema)) {
    case 'object':
      return exampleObject(schema, depth)
    case 'array':
      return [exampleOf(schema.items ?? { type: 'string' }, name, depth + 1)]
    case 'integer':
    case 'number':
      return typeof schema.minimum === 'number' ? schema.minimum : 1
    case 'boolean':
      return true
    case 'null':
      return null
    default:
      return `demo ${name}`
  }
}

function fixedValue(schema: JsonObject): Json | undefined {
  return schema.const ?? schema.default ?? arrayAt(schema, 'enum')?.[0]
}

function exampleObject(schema: JsonObject, depth: number): JsonObject {
  const properties = objectAt(schema, 'properties') ?? {}
  const found: [string, Json][] = []
  for (const name of arrayAt(schema, 'required') ?? []) {
    if (typeof name !== 'string') continue
    const property = Object.hasOwn(properties, name) ? properties[name] : undefined
    found.push([name, exampleOf(property ?? { type: 'string' }, name, depth + 1)])
  }
  return Object.fromEntries(found)
}

/** In lower case (Gemini writes `STRING`); the first of several; objects are known by their properties too. */
function typeOf(schema: JsonObject): string {
  const first = arrayAt(schema, 'type')?.find((type) => type !== 'null')
  const named = stringAt(schema, 'type') ?? (typeof first === 'string' ? first : undefined)
  return named?.toLowerCase() ?? (objectAt(schema, 'properties') ? 'object' : 'string')
}
