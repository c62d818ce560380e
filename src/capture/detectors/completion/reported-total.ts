import { isObject, type Json, type JsonObject, numberAt, objectAt } from '../../../core/json.ts'
import type { AnswerReading } from '../../view/reading.ts'

export interface ReportedTotal {
  input: number
  output: number
  total: number
}

const slackTokens = 10

/**
 * A total that is not what its parts make, in the provider's own numbers; null where it is, or where it tells no
 * total. Vendors count thoughts, tool prompts or citations into the total, or not: each of the numbers beside it may
 * explain the difference.
 */
export function wrongTotal(reading: AnswerReading): ReportedTotal | null {
  const usage = lastUsage(reading)
  if (!usage) return null
  const input = firstNumber(usage, ['prompt_tokens', 'input_tokens', 'promptTokenCount'])
  const output = firstNumber(usage, ['completion_tokens', 'output_tokens', 'candidatesTokenCount'])
  const total = firstNumber(usage, ['total_tokens', 'totalTokenCount'])
  if (input === null || total === null || (output === null && usage.promptTokenCount === undefined))
    return null
  const rest = total - input - (output ?? 0)
  const extras = numbersBeside(usage)
  const sums = [0, ...extras, extras.slice(0, 2).reduce((sum, tokens) => sum + tokens, 0)]
  if (sums.some((sum) => Math.abs(Math.abs(rest) - sum) <= slackTokens)) return null
  return { input, output: output ?? 0, total }
}

function lastUsage({ isStream, json, raw }: AnswerReading): JsonObject | null {
  if (!isStream) return usageOf(json)
  for (let at = raw.length - 1; at >= 0; at--) {
    const usage = usageOf(raw[at]?.json)
    if (usage) return usage
  }
  return null
}

function usageOf(json: Json | undefined): JsonObject | null {
  const holder = objectAt(json, 'response') ?? json
  return objectAt(holder, 'usage') ?? objectAt(holder, 'usageMetadata') ?? null
}

const parts = new Set(
  ['prompt', 'completion', 'input', 'output', 'total']
    .map((name) => `${name}_tokens`)
    .concat(['promptTokenCount', 'candidatesTokenCount', 'totalTokenCount']),
)

/** Those of the top level first. */
function numbersBeside(usage: JsonObject): number[] {
  const inner = Object.values(usage).flatMap((value) => (isObject(value) ? Object.values(value) : []))
  const beside = Object.entries(usage).flatMap(([name, value]) => (parts.has(name) ? [] : [value]))
  return [...beside, ...inner].filter((value): value is number => typeof value === 'number' && value > 0)
}

function firstNumber(usage: JsonObject, names: readonly string[]): number | null {
  for (const name of names) {
    const found = numberAt(usage, name)
    if (found !== undefined) return found
  }
  return null
}
