import type { JsonObject } from '../../src/core/json.ts'
import type { PassingAnswer } from './faulty-middleman.ts'
import { sseBlock, sseBlocks } from './sse-text.ts'

// biome-ignore lint/suspicious/noExplicitAny: a test reaches into JSON of any shape.
type AnyJson = any

type Edit = (answer: PassingAnswer) => PassingAnswer

export const lostHeader =
  (lost: string): Edit =>
  (answer) => ({ ...answer, headers: answer.headers.filter(([name]) => name !== lost) })

/** A stream without the block that says this. */
export const swallowedChunk =
  (text: string): Edit =>
  (answer) => ({ ...answer, body: blocksOf(answer.body, (json) => (says(json, text) ? null : json)) })

/** Whoever counts, it is another count. */
export const wrongUsage: Edit = (answer) => ({
  ...answer,
  body: answer.body.replace(/("(?:completion_tokens|output_tokens|candidatesTokenCount)":)5\b/g, '$150'),
})

/** The answer as it would be had no tool been called; only how it ended still says so. */
export const droppedToolCall: Edit = (answer) => ({
  ...answer,
  body: answer.body.startsWith('{')
    ? JSON.stringify(withoutCalls(JSON.parse(answer.body)))
    : blocksOf(answer.body, withoutCalls),
})

function blocksOf(body: string, edit: (json: AnyJson) => JsonObject | null): string {
  return sseBlocks(body)
    .map(({ event, data }) => {
      if (!data.startsWith('{')) return sseBlock(data)
      const json = edit(JSON.parse(data))
      return json === null ? '' : sseBlock(json, event ?? undefined)
    })
    .join('')
}

function says(json: AnyJson, text: string): boolean {
  const deltas = [
    json.choices?.[0]?.delta?.content,
    json.type === 'response.output_text.delta' ? json.delta : undefined,
    json.delta?.text,
    json.candidates?.[0]?.content?.parts?.[0]?.text,
  ]
  return deltas.includes(text)
}

/** Null: all of it was of a call. */
function withoutCalls(json: AnyJson): AnyJson {
  if (json.type?.startsWith('response.function_call') || json.item?.type === 'function_call') return null
  if (json.content_block?.type === 'tool_use' || json.delta?.type === 'input_json_delta') return null
  if (json.type === 'content_block_stop' && json.index === 1) return null
  const [choice] = json.choices ?? []
  if (choice?.delta?.tool_calls) return null
  if (choice?.message) delete choice.message.tool_calls
  if (json.response?.output) json.response.output = json.response.output.filter(isNoCall)
  if (Array.isArray(json.output)) json.output = json.output.filter(isNoCall)
  if (Array.isArray(json.content)) json.content = json.content.filter(isNoCall)
  const content = json.candidates?.[0]?.content
  if (content?.parts) content.parts = content.parts.filter((part: AnyJson) => !part.functionCall)
  return json
}

function isNoCall({ type }: AnyJson): boolean {
  return type !== 'function_call' && type !== 'tool_use'
}
