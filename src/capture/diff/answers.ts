import type { Json } from '../../core/json.ts'
import { readAnswer } from '../view/read-answer.ts'
import type { AnswerReading } from '../view/reading.ts'
import type { LegView } from '../view/view.ts'
import { asDifferences, mostDifferences } from './as-differences.ts'
import { bodyDifference } from './bodies.ts'
import { compareHeaders } from './compared-headers.ts'
import type { CompareLevel, Difference, DifferenceKind } from './difference.ts'
import { jsonDifferences } from './json-differences.ts'
import { saidOf, usageOf } from './said.ts'
import { compareStructure } from './structure.ts'
import { withoutVolatile } from './volatile-fields.ts'

/** An answer leg with its head, and what it says. */
export interface ComparedAnswer {
  leg: LegView
  reading: AnswerReading
}

/** `protocol` and `streamAsked` as for `readAnswer`. */
export function comparedAnswer(leg: LegView, protocol: string | null, streamAsked = false): ComparedAnswer {
  return { leg, reading: readAnswer(leg, protocol, streamAsked) }
}

/**
 * What is not the same, the first thousand, in the order of what matters: status, headers, then the answer in its
 * own order. How the bodies were cut into chunks, and when they came, is never a difference.
 */
export function compareAnswers(
  before: ComparedAnswer,
  after: ComparedAnswer,
  level: CompareLevel,
): Difference[] {
  const found = [...compareHeads(before, after, level), ...compareBodies(before, after, level)]
  return found.slice(0, mostDifferences)
}

function compareHeads(before: ComparedAnswer, after: ComparedAnswer, level: CompareLevel): Difference[] {
  const { status: was } = before.leg
  const { status: is } = after.leg
  // Files of the original have no heads of answers to clients.
  if (was === null || is === null) return []
  const status: Difference[] = was === is ? [] : [{ path: 'status', kind: 'status', before: was, after: is }]
  const headers = compareHeaders('answer', before.leg.headers, after.leg.headers)
  // The same message streamed and whole has two types.
  const isFolded = level === 'semantic' || level === 'structure'
  const framedAlike = before.reading.isStream === after.reading.isStream
  return [
    ...status,
    ...headers.filter(({ path }) => !isFolded || framedAlike || path !== 'header content-type'),
  ]
}

function compareBodies(before: ComparedAnswer, after: ComparedAnswer, level: CompareLevel): Difference[] {
  switch (level) {
    case 'bytes':
      return bodyDifference(before.leg.body(), after.leg.body())
    case 'events':
      return compareEvents(before.reading, after.reading, true)
    case 'semantic':
      return compareMeaning(before.reading, after.reading)
    case 'structure':
      return compareStructure(before.reading, after.reading)
  }
}

/** Events one by one; `ignoresVolatile` false: every member counts, as between two legs of one exchange. */
export function compareEvents(
  before: AnswerReading,
  after: AnswerReading,
  ignoresVolatile: boolean,
): Difference[] {
  if (before.isStream !== after.isStream) {
    return [{ path: 'stream', kind: 'event', before: before.isStream, after: after.isStream }]
  }
  const clean = () => (ignoresVolatile ? withoutVolatile('answer') : (json: Json) => json)
  const found = jsonDifferences(wireOf(before, clean()), wireOf(after, clean()))
  return asDifferences(found, before.isStream ? 'event' : 'body')
}

/** A stream as its events, comments left out; a whole answer as its JSON, or its text. */
function wireOf(reading: AnswerReading, clean: (json: Json) => Json): Json {
  if (!reading.isStream) return reading.json === undefined ? reading.text : clean(reading.json)
  const events = reading.raw.filter(({ isComment }) => !isComment)
  return {
    events: events.map(({ name, data, json }) => ({
      ...(name !== null && { event: name }),
      data: json === undefined ? data : clean(json),
    })),
  }
}

function compareMeaning(before: AnswerReading, after: AnswerReading): Difference[] {
  if (before.error || after.error) return compareErrors(before, after)
  // What no protocol knows, such as embeddings and lists of models; or what is no answer any more.
  if (!before.answer || !after.answer) return compareEvents(before, after, true)
  return [
    ...differencesOf('model', 'model', before.answer.model, after.answer.model),
    ...differencesOf('', 'message', saidOf(before.answer), saidOf(after.answer)),
    ...differencesOf('usage', 'usage', usage(before), usage(after)),
    ...differencesOf('is_complete', 'ending', before.isTerminated, after.isTerminated),
    ...differencesOf('broken_events', 'event', brokenEvents(before), brokenEvents(after)),
  ]
}

function compareErrors(before: AnswerReading, after: AnswerReading): Difference[] {
  return differencesOf('error', 'error', errorOf(before), errorOf(after))
}

function errorOf({ error }: AnswerReading): Json | undefined {
  return error ? { message: error.message, type: error.type, code: error.code } : undefined
}

function usage({ answer }: AnswerReading): Json | undefined {
  return usageOf(answer?.usage ?? null)
}

/** Events that should be JSON and are not. */
function brokenEvents({ raw }: AnswerReading): number {
  return raw.filter(
    ({ isComment, json, data }) => !isComment && json === undefined && !/^(?:\[DONE\])?$/.test(data),
  ).length
}

function differencesOf(
  path: string,
  kind: DifferenceKind,
  before: Json | undefined,
  after: Json | undefined,
): Difference[] {
  return asDifferences(jsonDifferences(before, after, path), kind)
}
