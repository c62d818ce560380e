import type { JsonObject } from '../../../core/json.ts'
import type { GeminiEncoding } from './gemini-encoding.ts'

/** How the form of the answer is asked for: as members of `generationConfig`, or by a sentence that instructs. */
export interface EncodedOutput {
  format: JsonObject
  sentence: string | null
}

const onlyJson = 'with nothing before or after it, and no code fence around it.'

/** Models up to 2.5 refuse a form for the answer beside tools. */
export function encodeOutput(hasTools: boolean, { call, traits, lost }: GeminiEncoding): EncodedOutput {
  const { output } = call
  if (output === null) return { format: {}, sentence: null }
  const responseMimeType = 'application/json'
  const takesFormat = !hasTools || traits.formatsBesideFunctions
  if (output.type === 'json') {
    if (takesFormat) return { format: { responseMimeType }, sentence: null }
    lost.lose('json_mode')
    return { format: {}, sentence: `Answer with one JSON object, ${onlyJson}` }
  }
  const { schema, description } = output
  const described = description === null ? schema : { ...schema, description }
  if (takesFormat) return { format: { responseMimeType, responseJsonSchema: described }, sentence: null }
  lost.lose('json_schema')
  const words = JSON.stringify(described)
  return { format: {}, sentence: `Answer with JSON that fits this JSON Schema, ${onlyJson}\n${words}` }
}
