import * as z from 'zod'
import type { ConfigPath } from './paths.ts'
import { configSchema } from './schema.ts'

type Schema = z.core.$ZodType

/** How a value is written outside YAML: in a variable, or as the result of `${…}`. */
export type ValueKind = 'boolean' | 'number' | 'text' | 'json' | 'text or json'

/** One key of the configuration with a fixed path; keys below backends' names and in lists have none. */
export interface ConfigKey {
  path: readonly string[]
  schema: Schema
  /** A mapping of further keys, rather than a value. */
  section: boolean
}

/** A schema without its default, `optional` and `nullable`. */
export function bare(schema: Schema): Schema {
  return isWrapper(schema) ? bare(schema.unwrap()) : schema
}

export function isNullable(schema: Schema): boolean {
  return schema instanceof z.ZodNullable || (isWrapper(schema) && isNullable(schema.unwrap()))
}

function isWrapper(schema: Schema) {
  return (
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable
  )
}

/** The keys that a schema's mapping knows; empty where it is none or its keys are the user's own. */
export function keysOf(schema: Schema | undefined): readonly string[] {
  return Object.keys(shapeOf(schema) ?? {})
}

function shapeOf(schema: Schema | undefined): Readonly<Record<string, Schema>> | undefined {
  const inner = schema && bare(schema)
  if (inner instanceof z.ZodObject) return inner.shape
  if (inner instanceof z.ZodUnion) {
    for (const option of inner.options) {
      const shape = shapeOf(option)
      if (shape) return shape
    }
  }
  return undefined
}

/** The schema of the value at a path, or undefined where the configuration has no such place. */
export function schemaAt(path: ConfigPath, from: Schema = configSchema): Schema | undefined {
  const [step, ...rest] = path
  if (step === undefined) return from
  const below = schemaBelow(bare(from), step)
  return below && schemaAt(rest, below)
}

function schemaBelow(schema: Schema, step: string | number): Schema | undefined {
  if (schema instanceof z.ZodArray) return schema.element
  if (schema instanceof z.ZodRecord) return schema.valueType
  const shape = shapeOf(schema)
  return shape && typeof step === 'string' && Object.hasOwn(shape, step) ? shape[step] : undefined
}

/** Every key with a fixed path below a schema, sections before their keys. */
export function fixedKeys(from: Schema = configSchema, path: readonly string[] = []): ConfigKey[] {
  const inner = bare(from)
  if (!(inner instanceof z.ZodObject)) return []
  const shape: Readonly<Record<string, Schema>> = inner.shape
  return Object.entries(shape).flatMap(([name, schema]) => {
    const keyPath = [...path, name]
    const below = fixedKeys(schema, keyPath)
    return [{ path: keyPath, schema, section: below.length > 0 }, ...below]
  })
}

/** How the value of a schema is written outside YAML. */
export function kindOf(schema: Schema): ValueKind {
  const inner = bare(schema)
  if (inner instanceof z.ZodBoolean) return 'boolean'
  if (inner instanceof z.ZodNumber) return 'number'
  if (inner instanceof z.ZodString || inner instanceof z.ZodEnum) return 'text'
  return inner instanceof z.ZodUnion ? 'text or json' : 'json'
}
