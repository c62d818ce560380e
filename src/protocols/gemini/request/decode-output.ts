import type { Effort, OutputFormat, ReasoningWish } from '../../../core/call.ts'
import type { JsonObject } from '../../../core/json.ts'
import { filled } from '../../substance.ts'
import { booleanOrNull, numberOrNull } from '../../translation/request-fields.ts'
import type { GeminiDecoding } from './gemini-decoding.ts'
import { jsonSchemaOf } from './openapi-schema.ts'
import { either, eitherObject } from './spelling.ts'

/** The form of the answer. A schema without a type of media can only mean JSON. */
export function decodeOutput(config: JsonObject, { special }: GeminiDecoding): OutputFormat | null {
  const type = filled(either(config, 'responseMimeType')) ?? ''
  const schema = eitherObject(config, 'responseJsonSchema')
  const subset = eitherObject(config, 'responseSchema')
  const found = schema ?? (subset === undefined ? undefined : jsonSchemaOf(subset))
  if (type === 'application/json' || (type === '' && found !== undefined)) {
    if (found === undefined) return { type: 'json' }
    return { type: 'json_schema', name: null, description: null, schema: found, strict: null }
  }
  if (type !== '' && type !== 'text/plain') {
    special.push({ loss: 'other_output', param: 'generationConfig.responseMimeType' })
  }
  return null
}

const levels: Readonly<Record<string, Effort>> = {
  MINIMAL: 'minimal',
  LOW: 'low',
  MEDIUM: 'medium',
  HIGH: 'high',
}

/** Thoughts are not shown unless they are asked for. */
export function decodeThinking(config: JsonObject | undefined): ReasoningWish | null {
  if (config === undefined) return null
  const budget = numberOrNull(either(config, 'thinkingBudget'))
  const level = filled(either(config, 'thinkingLevel'))?.toUpperCase() ?? ''
  return {
    effort: Object.hasOwn(levels, level) ? (levels[level] ?? null) : null,
    budgetTokens: budget === null || budget < 0 ? null : budget,
    adaptive: budget !== null && budget < 0,
    visible: booleanOrNull(either(config, 'includeThoughts')) ?? false,
  }
}
