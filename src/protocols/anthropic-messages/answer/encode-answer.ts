import type { Answer, AnswerPart } from '../../../core/answer.ts'
import type { ReasoningPart, TextPart, ToolCallPart } from '../../../core/call.ts'
import type { Json, JsonObject } from '../../../core/json.ts'
import { Lost } from '../../../core/losses.ts'
import type { AnswerAbout, EncodedAnswer } from '../../../core/protocol.ts'
import { writeCitation } from '../citations.ts'
import { writeStop } from '../stop-words.ts'
import { hidesThoughts, messageHead, redactedBlock, signatureOf, toolUseBlock } from './answer-writing.ts'
import { loseUsageDetails, writeUsage } from './write-usage.ts'

type AnswerLost = Lost<'answer', 'anthropic-messages'>

/** A whole message. Only the first choice: a request for more has been refused. */
export function encodeMessageAnswer(answer: Answer, about: AnswerAbout): EncodedAnswer {
  const lost: AnswerLost = new Lost()
  const choice = answer.choices[0]
  const parts = choice?.parts ?? []
  let calls = 0
  const content = parts.flatMap((part) =>
    part.type === 'tool_call' ? toolBlocks(part, calls++, about) : blocksOf(part, about, lost),
  )
  loseUsageDetails(answer.usage, lost)
  const end = choice?.end ?? { reason: 'stop' as const, raw: '' }
  const body = {
    ...messageHead(about, answer.model),
    content,
    ...writeStop(end, calls > 0),
    usage: writeUsage(answer.usage),
  }
  return { body, lost: lost.items }
}

function blocksOf(
  part: Exclude<AnswerPart, ToolCallPart>,
  about: AnswerAbout,
  lost: AnswerLost,
): JsonObject[] {
  switch (part.type) {
    case 'text':
      return textBlocks(part, about, lost)
    case 'reasoning':
      return thoughtBlocks(part, about)
    case 'refusal':
      lost.lose('answer_refusal')
      return words(part.text)
    case 'media':
      lost.lose('answer_media')
      return words(part.transcript ?? '')
    case 'server_tool':
      if (part.text !== '') lost.lose('answer_server_tool')
      return words(part.text)
  }
}

/** Clients send blocks back, and the API refuses a text of white space alone. */
function words(text: string, citations: JsonObject[] = []): JsonObject[] {
  if (text.trim() === '') return []
  return [{ type: 'text', text, citations: citations.length > 0 ? citations : null }]
}

function textBlocks(
  { text, state, citations = [] }: TextPart,
  about: AnswerAbout,
  lost: AnswerLost,
): JsonObject[] {
  const written = citations.map((citation) => writeCitation(citation, about.source))
  if (written.includes(undefined)) lost.lose('answer_citation')
  const before = state ? [redactedBlock(state, about)] : []
  return [
    ...before,
    ...words(
      text,
      written.filter((citation) => citation !== undefined),
    ),
  ]
}

function thoughtBlocks({ text, state }: ReasoningPart, about: AnswerAbout): JsonObject[] {
  if (text === '' || hidesThoughts(about)) return state ? [redactedBlock(state, about)] : []
  return [{ type: 'thinking', thinking: text, signature: signatureOf(state, about) }]
}

function toolBlocks(call: ToolCallPart, index: number, about: AnswerAbout): JsonObject[] {
  const before = call.state ? [redactedBlock(call.state, about)] : []
  const input: Json = call.custom ? { input: call.arguments } : parsedOr(call.arguments)
  return [...before, { ...toolUseBlock({ ...call, index }, about), input }]
}

/** Arguments that are no JSON stay as the model wrote them. */
function parsedOr(text: string): Json {
  try {
    return JSON.parse(text || '{}') as Json
  } catch {
    return text
  }
}
