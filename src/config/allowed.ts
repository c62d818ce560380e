import * as z from 'zod'
import { bare, isNullable, keysOf } from './keys.ts'

/** What a value of this schema may be, in words: `a whole number from 1 to 65535`. */
export function allowedWords(schema: z.core.$ZodType): string {
  return isNullable(schema) ? `${bareWords(bare(schema))}, or null` : bareWords(bare(schema))
}

function bareWords(schema: z.core.$ZodType): string {
  if (schema instanceof z.ZodBoolean) return 'true or false'
  if (schema instanceof z.ZodNumber) return numberWords(schema)
  if (schema instanceof z.ZodEnum) return oneOf(schema.options.map(String))
  if (schema instanceof z.ZodLiteral) return oneOf([...schema.values].map(String))
  if (schema instanceof z.ZodString) return schema.minLength ? 'a text that is not empty' : 'a text'
  if (schema instanceof z.ZodArray) return `a list, each ${allowedWords(schema.element)}`
  if (schema instanceof z.ZodRecord) return 'a mapping'
  if (schema instanceof z.ZodUnion) return schema.options.map(allowedWords).join(', or ')
  const keys = keysOf(schema)
  return keys.length > 0 ? `a mapping with ${keys.join(', ')}` : 'another value'
}

function numberWords(schema: z.ZodNumber): string {
  const kind = schema.isInt ? 'a whole number' : 'a number'
  const { minValue, maxValue } = schema
  const hasMax = maxValue !== null && maxValue < Number.MAX_SAFE_INTEGER
  if (minValue === null || minValue === Number.NEGATIVE_INFINITY) return kind
  if (!hasMax) return minValue === 0 ? `${kind} above 0` : `${kind} from ${minValue}`
  return `${kind} from ${minValue} to ${maxValue}`
}

function oneOf(values: readonly string[]): string {
  return values.length === 1 ? `${values[0]}` : `one of ${values.join(', ')}`
}
