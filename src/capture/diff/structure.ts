import { isObject, type Json } from '../../core/json.ts'
import { parsedJson } from '../view/raw-event.ts'
import type { AnswerReading } from '../view/reading.ts'
import type { Difference } from './difference.ts'
import { jsonDifferences } from './json-differences.ts'
import { type Said, type SaidChoice, saidOf } from './said.ts'

/** Texts that differ by no more are about as long, however short they are. */
const characters = 40
const ratio = 0.5

/** Of two answers that need not say the same: the tools with their arguments' names, the end, about how long. */
export function compareStructure(before: AnswerReading, after: AnswerReading): Difference[] {
  const [was, is] = [before, after].map(({ answer }) => (answer ? saidOf(answer) : undefined))
  const outlines = jsonDifferences(outlineOf(before, was), outlineOf(after, is))
  const found = [...outlines].map((each): Difference => ({ ...each, kind: kindOf(each.path) }))
  return [...found, ...lengths(was, is)]
}

function kindOf(path: string): Difference['kind'] {
  if (path.startsWith('error')) return 'error'
  return path.endsWith('finish') || path === 'is_complete' ? 'ending' : 'message'
}

function outlineOf({ error, isTerminated }: AnswerReading, said: Said | undefined): Json {
  if (error) return { error: { type: error.type, code: error.code } }
  return { choices: said?.choices.map(choiceOutline), is_complete: isTerminated }
}

function choiceOutline({ text, refusal, tool_calls, finish }: SaidChoice): Json {
  const json = parsedJson(text)
  return {
    tool_calls: tool_calls.map(({ name, arguments: given }) => ({
      name,
      arguments: isObject(given) ? Object.keys(given).sort() : null,
    })),
    is_refusal: refusal !== '',
    // An answer by a schema has the same members each time.
    json: isObject(json) ? Object.keys(json).sort() : Array.isArray(json) ? 'list' : null,
    finish,
  }
}

function lengths(before: Said | undefined, after: Said | undefined): Difference[] {
  const count = Math.min(before?.choices.length ?? 0, after?.choices.length ?? 0)
  return Array.from({ length: count }, (_, at) => at).flatMap((at) => {
    const was = before?.choices[at]?.text.length ?? 0
    const is = after?.choices[at]?.text.length ?? 0
    if (Math.abs(is - was) <= Math.max(characters, was * ratio)) return []
    return [{ path: `choices[${at}].text.length`, kind: 'message' as const, before: was, after: is }]
  })
}
