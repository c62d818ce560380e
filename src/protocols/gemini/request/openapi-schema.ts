import { isObject, type Json, type JsonObject } from '../../../core/json.ts'
import { stringList } from '../../translation/request-fields.ts'
import { camelCased, either } from './spelling.ts'

type Rewrite = (value: Json) => Json

const counts = ['minItems', 'maxItems', 'minLength', 'maxLength', 'minProperties', 'maxProperties']
const rewrites: Readonly<Record<string, Rewrite>> = {
  type: (value) => (typeof value === 'string' ? value.toLowerCase() : value),
  items: ofSchema,
  additionalProperties: ofSchema,
  anyOf: (value) => (Array.isArray(value) ? value.map(ofSchema) : value),
  ...Object.fromEntries(counts.map((key) => [key, toNumber])),
}
/** Said in another way, or nothing to JSON Schema. */
const leftOut: ReadonlySet<string> = new Set(['nullable', 'propertyOrdering', 'properties'])

/**
 * Gemini's older `parameters` and `responseSchema` are OpenAPI's: types in capitals, `nullable`, the order of
 * properties beside them, 64-bit integers as strings. The same as JSON Schema.
 */
export function jsonSchemaOf(schema: JsonObject): JsonObject {
  const rewritten: JsonObject = {}
  for (const [key, value] of Object.entries(schema)) {
    const name = camelCased(key)
    if (value === undefined || isUnsaid(name, value)) continue
    const rewrite = Object.hasOwn(rewrites, name) ? rewrites[name] : undefined
    rewritten[rewrite ? name : key] = rewrite ? rewrite(value) : value
  }
  const { properties } = schema
  if (isObject(properties)) {
    rewritten.properties = ofProperties(properties, stringList(either(schema, 'propertyOrdering')))
  }
  return schema.nullable === true ? nullable(rewritten) : rewritten
}

function isUnsaid(name: string, value: Json): boolean {
  // `enum` is OpenAPI's format of a string that the list `enum` stands beside.
  return leftOut.has(name) || value === 'TYPE_UNSPECIFIED' || (name === 'format' && value === 'enum')
}

function ofSchema(value: Json): Json {
  return isObject(value) ? jsonSchemaOf(value) : value
}

/** Names of properties are the user's: only what stands under them is a schema. */
function ofProperties(properties: JsonObject, ordering: readonly string[]): JsonObject {
  const first = ordering.filter((name) => Object.hasOwn(properties, name))
  const names = [...first, ...Object.keys(properties).filter((name) => !first.includes(name))]
  return Object.fromEntries(names.map((name) => [name, ofSchema(properties[name] ?? null)]))
}

function nullable(schema: JsonObject): JsonObject {
  const { type, anyOf } = schema
  const list = schema.enum
  return {
    ...schema,
    ...(typeof type === 'string' && { type: [type, 'null'] }),
    ...(Array.isArray(anyOf) && { anyOf: [...anyOf, { type: 'null' }] }),
    ...(Array.isArray(list) && { enum: [...list, null] }),
  }
}

function toNumber(value: Json): Json {
  return typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value
}
