import type { Call } from '../../../core/call.ts'
import type { JsonObject } from '../../../core/json.ts'
import type { ChatEncoding } from './chat-encoding.ts'

/** How the form of the answer is asked for. */
export interface EncodedOutput {
  /** For `response_format`. */
  format: JsonObject | null
  /** An instruction that has to go with it. */
  sentence: string | null
}

const onlyJson = 'with nothing before or after it, and no code fence around it.'

export function encodeOutput({ call, dialect, lost }: ChatEncoding): EncodedOutput {
  const { output } = call
  if (output === null) return { format: null, sentence: null }
  const anyObject = { type: 'json_object' }
  if (output.type === 'json') {
    if (speaksOfJson(call)) return { format: anyObject, sentence: null }
    lost.lose('json_mode')
    return { format: anyObject, sentence: `Answer with one JSON object, ${onlyJson}` }
  }
  const { name, description, schema, strict } = output
  if (!dialect.outputSchemas) {
    lost.lose('json_schema')
    const words = JSON.stringify(description === null ? schema : { ...schema, description })
    return {
      format: anyObject,
      sentence: `Answer with one JSON object that fits this JSON Schema, ${onlyJson}\n${words}`,
    }
  }
  const json_schema = {
    name: name ?? 'answer',
    ...(description !== null && { description }),
    schema,
    ...(strict !== null && dialect.strictTools && { strict }),
  }
  return { format: { type: 'json_schema', json_schema }, sentence: null }
}

/** JSON mode is refused where no message has the word in it. */
function speaksOfJson({ messages }: Call): boolean {
  return messages.some(({ parts }) =>
    parts.some((part) => (part.type === 'text' ? /json/i.test(part.text) : false)),
  )
}
