import type { AnswerPart } from '../../../core/answer.ts'
import type { Json } from '../../../core/json.ts'
import { asDifferences } from '../../diff/as-differences.ts'
import { bodyDifference } from '../../diff/bodies.ts'
import type { CompareLevel, Difference } from '../../diff/difference.ts'
import { jsonDifferences } from '../../diff/json-differences.ts'
import { withoutVolatile } from '../../diff/volatile-fields.ts'
import type { AnswerReading, RawEvent } from '../../view/reading.ts'
import type { LegView } from '../../view/view.ts'

interface Begun {
  leg: LegView
  reading: AnswerReading
  /** It came to its end, so that what it does not have will not come. */
  isOver: boolean
}

/** Two answers of which at least one was left before its end: what both have must be the same. */
export function compareBegun(before: Begun, after: Begun, level: CompareLevel): Difference[] {
  if (level === 'bytes') return compareBytes(before.leg, after.leg)
  if (before.reading.error || after.reading.error) return compareErrors(before.reading, after.reading)
  if (!before.reading.isStream || !after.reading.isStream) return compareFraming(before, after)
  if (level === 'events') return compareEvents(before, after)
  return compareSaid(before, after, level === 'structure')
}

function compareBytes(before: LegView, after: LegView): Difference[] {
  const [was, is] = [before.body(), after.body()]
  const length = Math.min(was.length, is.length)
  return bodyDifference(was.subarray(0, length), is.subarray(0, length))
}

function compareErrors(before: AnswerReading, after: AnswerReading): Difference[] {
  const said = ({ error }: AnswerReading): Json | undefined =>
    error ? { message: error.message, type: error.type, code: error.code } : undefined
  return asDifferences(jsonDifferences(said(before), said(after), 'error'), 'error')
}

/** Half of a JSON text says nothing; that one streams and the other does not can be seen from the first byte. */
function compareFraming(before: Begun, after: Begun): Difference[] {
  const [was, is] = [before.reading.isStream, after.reading.isStream]
  if (was === is || before.leg.body().length === 0 || after.leg.body().length === 0) return []
  return [{ path: 'stream', kind: 'event', before: was, after: is }]
}

function compareEvents(before: Begun, after: Begun): Difference[] {
  const [was, is] = [wholeEvents(before.reading), wholeEvents(after.reading)]
  const most = after.isOver ? was.length : Math.min(was.length, is.length)
  const cleaned = (events: readonly RawEvent[]): Json => {
    const clean = withoutVolatile('answer')
    return {
      events: events.slice(0, most).map(({ name, data, json }) => ({
        ...(name !== null && { event: name }),
        data: json === undefined ? data : clean(json),
      })),
    }
  }
  return asDifferences(jsonDifferences(cleaned(was), cleaned(is)), 'event')
}

function wholeEvents({ raw }: AnswerReading): RawEvent[] {
  return raw.filter(({ isComment, isWhole }) => isWhole && !isComment)
}

/** Texts are compared as far as both go, or as far as the recorded one goes where the new one is over. */
function compareSaid(before: Begun, after: Begun, namesOnly: boolean): Difference[] {
  const [was, is] = [choicesOf(before.reading), choicesOf(after.reading)]
  const [model, other] = [before.reading.answer?.model, after.reading.answer?.model]
  // Not every first event says it.
  const isNamed = !namesOnly && Boolean(model) && Boolean(other)
  const models = isNamed ? asDifferences(jsonDifferences(model, other, 'model'), 'model') : []
  const found = was.flatMap((choice, at) => {
    const now = is[at] ?? { texts: {}, calls: [] }
    return [
      ...(namesOnly ? [] : texts(`choices[${at}]`, choice, now, after.isOver)),
      ...calls(`choices[${at}]`, choice, now, { isOver: after.isOver, namesOnly }),
    ]
  })
  return [...models, ...found]
}

interface BegunChoice {
  /** By kind. */
  texts: Record<string, string>
  calls: { name: string; arguments: string }[]
}

function choicesOf({ answer }: AnswerReading): BegunChoice[] {
  return (answer?.choices ?? []).map(({ parts }) => ({
    texts: Object.fromEntries(
      (['text', 'reasoning', 'refusal'] as const).map((type) => [type, joined(parts, type)]),
    ),
    calls: parts.flatMap((part) =>
      part.type === 'tool_call' ? [{ name: part.name, arguments: part.arguments }] : [],
    ),
  }))
}

function joined(parts: readonly AnswerPart[], type: 'text' | 'reasoning' | 'refusal'): string {
  return parts.map((part) => (part.type === type ? part.text : '')).join('')
}

function texts(path: string, was: BegunChoice, is: BegunChoice, isOver: boolean): Difference[] {
  return Object.entries(was.texts).flatMap(([type, text]) =>
    begunText(`${path}.${type}`, text, is.texts[type] ?? '', isOver),
  )
}

function calls(
  path: string,
  was: BegunChoice,
  is: BegunChoice,
  { isOver, namesOnly }: { isOver: boolean; namesOnly: boolean },
): Difference[] {
  return was.calls.flatMap((call, at) => {
    const place = `${path}.tool_calls[${at}]`
    const other = is.calls[at]
    if (!other) return isOver ? [{ path: place, kind: 'message', before: { ...call }, after: undefined }] : []
    const name = asDifferences(jsonDifferences(call.name, other.name, `${place}.name`), 'message')
    if (namesOnly) return name
    return [...name, ...begunText(`${place}.arguments`, call.arguments, other.arguments, isOver)]
  })
}

function begunText(path: string, was: string, is: string, isOver: boolean): Difference[] {
  const length = isOver ? was.length : Math.min(was.length, is.length)
  const [before, after] = [was.slice(0, length), is.slice(0, length)]
  return before === after ? [] : [{ path, kind: 'message', before, after }]
}
