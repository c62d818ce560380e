import { isObject, type Json, type JsonObject } from '../../../core/json.ts'
import { camelCased } from './spelling.ts'

type Rewrite = (value: Json, schema: JsonObject) => Json

const rewrites: Readonly<Record<string, Rewrite>> = {
  type: (value, schema) => (typeof value === 'string' ? typeOf(value, schema.nullable === true) : value),
  properties: (value) => (isObject(value) ? ofEach(value) : value),
  items: (value) => ofSchema(value),
  anyOf: (value) => (Array.isArray(value) ? value.map(ofSchema) : value),
  ...Object.fromEntries(
    ['minItems', 'maxItems', 'minLength', 'maxLength', 'minProperties', 'maxProperties'].map((key) => [
      key,
      toNumber,
    ]),
  ),
}
const leftOut = new Set(['nullable', 'propertyOrdering'])

/**
 * Gemini's older `parameters` and `responseSchema` are OpenAPI's: types in capitals, `nullable`, 64-bit integers as
 * strings. The same as JSON Schema.
 */
export function lowerCaseTypes(schema: JsonObject): JsonObject {
  const entries = Object.entries(schema).flatMap(([key, value]): [string, Json][] => {
    const name = camelCased(key)
    if (value === undefined || leftOut.has(name)) return []
    const rewrite = Object.hasOwn(rewrites, name) ? rewrites[name] : undefined
    return [rewrite ? [name, rewrite(value, schema)] : [key, value]]
  })
  return Object.fromEntries(entries)
}

function ofSchema(value: Json): Json {
  return isObject(value) ? lowerCaseTypes(value) : value
}

/** Names of properties are the user's: only what stands under them is a schema. */
function ofEach(properties: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(properties).map(([name, schema]) => [name, ofSchema(schema ?? null)]),
  )
}

function typeOf(type: string, nullable: boolean): Json {
  const plain = type.toLowerCase()
  return nullable ? [plain, 'null'] : plain
}

function toNumber(value: Json): Json {
  return typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value
}
