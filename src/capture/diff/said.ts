import { createHash } from 'node:crypto'
import type { Answer, AnswerChoice, AnswerPart } from '../../core/answer.ts'
import type { Json, JsonObject } from '../../core/json.ts'
import type { ReportedUsage } from '../../core/usage.ts'
import { parsedJson } from '../view/raw-event.ts'

/** What an answer says, streamed or whole and in whatever protocol: what a client's user would see of it. */
export interface Said extends JsonObject {
  choices: SaidChoice[]
}

export interface SaidChoice extends JsonObject {
  text: string
  reasoning: string
  refusal: string
  tool_calls: { name: string; arguments: Json }[]
  finish: string
}

export function saidOf({ choices }: Answer): Said {
  return { choices: choices.map(choiceOf) }
}

function choiceOf({ parts, end }: AnswerChoice): SaidChoice {
  const media = parts.flatMap((part) =>
    part.type === 'media' ? [{ type: part.mediaType, sha256: hashOf(part.data) }] : [],
  )
  return {
    text: joined(parts, 'text'),
    reasoning: joined(parts, 'reasoning'),
    refusal: joined(parts, 'refusal'),
    tool_calls: parts.flatMap((part) =>
      part.type === 'tool_call'
        ? [{ name: part.name, arguments: parsedJson(part.arguments) ?? part.arguments }]
        : [],
    ),
    finish: end.reason,
    ...(end.stopSequence !== undefined && { stop_sequence: end.stopSequence }),
    ...(media.length > 0 && { media }),
  }
}

function joined(parts: readonly AnswerPart[], type: 'text' | 'reasoning' | 'refusal'): string {
  return parts.map((part) => (part.type === type ? part.text : '')).join('')
}

function hashOf(base64: string): string {
  return createHash('sha256').update(base64).digest('hex').slice(0, 16)
}

/** `{prompt_tokens: 12, …}`, in the API's words. */
export function usageOf(usage: ReportedUsage | null): JsonObject | undefined {
  if (usage === null) return undefined
  return Object.fromEntries(
    Object.entries(usage).map(([name, value]) => [
      name.replace(/[A-Z0-9]+/g, (part) => `_${part.toLowerCase()}`),
      value as Json,
    ]),
  )
}
