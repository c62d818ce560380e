import type { OutputFormat } from '../../../core/call.ts'
import type { JsonObject } from '../../../core/json.ts'
import { outputSchema } from './output-schema.ts'
import type { RequestEncoding } from './request-encoding.ts'

/** How the form of the answer is asked for: by at most one of these. */
export interface EncodedOutput {
  /** For `output_config.format`. */
  format: JsonObject | null
  /** A tool whose arguments are the answer. */
  tool: { name: string; schema: JsonObject } | null
  /** A sentence in the system prompt. */
  sentence: string | null
}

const free: EncodedOutput = { format: null, tool: null, sentence: null }
const onlyJson = 'with nothing before or after it, and no code fence around it.'

export function encodeOutput(encoding: RequestEncoding): EncodedOutput {
  const { output } = encoding.call
  if (output === null) return free
  if (output.type === 'json_schema') return encodeSchema(output, encoding)
  encoding.lost.lose('json_mode')
  return { ...free, sentence: `Answer with one JSON object, ${onlyJson}` }
}

function encodeSchema(
  output: Extract<OutputFormat, { type: 'json_schema' }>,
  { call, family, lost }: RequestEncoding,
): EncodedOutput {
  const { description } = output
  const schema = description === null ? output.schema : { ...output.schema, description }
  if (family.outputFormat) return { ...free, format: { type: 'json_schema', schema: outputSchema(schema) } }
  lost.lose('json_schema')
  // A forced call is no answer yet: its own form is asked for.
  if (forcesTool(call)) return free
  const isObjectSchema = schema.type === 'object' || schema.properties !== undefined
  if (isObjectSchema) return { ...free, tool: { name: freeName(output.name, call), schema } }
  const words = JSON.stringify(schema)
  return { ...free, sentence: `Answer with JSON that fits this JSON Schema, ${onlyJson}\n${words}` }
}

function forcesTool({ toolChoice }: RequestEncoding['call']): boolean {
  const type = toolChoice?.type
  return (
    type === 'required' ||
    type === 'tool' ||
    (toolChoice?.type === 'allowed' && toolChoice.mode === 'required')
  )
}

/** A name that no tool of the call has. */
function freeName(wished: string | null, { tools }: RequestEncoding['call']): string {
  const plain = (wished ?? '').replace(/[^a-zA-Z0-9_-]/g, '_').slice(0, 100)
  let name = plain === '' ? 'answer' : plain
  while (tools.some((tool) => tool.name === name)) name += '_'
  return name
}
