import type { Effort, OutputFormat, ReasoningWish } from '../../../core/call.ts'
import { isObject, type Json, type JsonObject, numberAt, objectAt, stringAt } from '../../../core/json.ts'
import type { Specials } from './request-parameters.ts'

const efforts: readonly Effort[] = ['low', 'medium', 'high', 'xhigh', 'max']
const readOfOutput: ReadonlySet<string> = new Set(['effort', 'format'])

type ThinkingReader = (thinking: JsonObject) => Partial<ReasoningWish>

/** `enabled` shows its thoughts unless told otherwise; with the newer forms that is the model's to decide. */
const readers: ReadonlyMap<string, ThinkingReader> = new Map<string, ThinkingReader>([
  ['enabled', (thinking) => ({ budgetTokens: numberAt(thinking, 'budget_tokens') ?? null, visible: true })],
  ['adaptive', () => ({ adaptive: true })],
  ['between_tools', () => ({ adaptive: true })],
  ['disabled', () => ({ effort: 'none', budgetTokens: 0 })],
])

const visibleBy: ReadonlyMap<string | undefined, boolean> = new Map([
  ['summarized', true],
  ['omitted', false],
])

/** `thinking` and `output_config.effort` together. Newer clients send both for every model, whatever its name. */
export function decodeThinking(body: JsonObject, special: Specials): ReasoningWish | null {
  const effort = readEffort(objectAt(body, 'output_config'), special)
  const said = readThinking(body.thinking, special)
  if (said === undefined) {
    return effort === null ? null : { effort, budgetTokens: null, adaptive: false, visible: null }
  }
  const isOff = said.effort === 'none'
  if (isOff && effort !== null) special.push({ loss: 'reasoning', param: 'output_config.effort' })
  return { budgetTokens: null, adaptive: false, visible: null, ...said, effort: isOff ? 'none' : effort }
}

/** What else stands beside the effort is told. */
function readEffort(output: JsonObject | undefined, special: Specials): Effort | null {
  for (const key of Object.keys(output ?? {})) {
    if (!readOfOutput.has(key)) special.push({ loss: 'other_parameters', param: `output_config.${key}` })
  }
  return efforts.find((name) => name === stringAt(output, 'effort')) ?? null
}

function readThinking(thinking: Json | undefined, special: Specials): Partial<ReasoningWish> | undefined {
  if (!isObject(thinking)) return undefined
  const read = readers.get(stringAt(thinking, 'type') ?? '')
  if (read === undefined) special.push({ loss: 'other_parameters', param: 'thinking' })
  const visible = visibleBy.get(stringAt(thinking, 'display'))
  return read && { ...read(thinking), ...(visible !== undefined && { visible }) }
}

/** `output_format` is what `output_config.format` was called in its beta. */
export function decodeOutput(body: JsonObject): OutputFormat | null {
  const format = objectAt(objectAt(body, 'output_config'), 'format') ?? objectAt(body, 'output_format')
  const schema = objectAt(format, 'schema')
  if (schema === undefined) return null
  return { type: 'json_schema', name: null, description: null, schema, strict: null }
}
