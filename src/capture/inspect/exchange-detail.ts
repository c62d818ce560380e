import type { AnswerPart } from '../../core/answer.ts'
import type { AssistantPart, Message, TextPart, UserPart } from '../../core/call.ts'
import type { Leg } from '../../core/exchange.ts'
import type { HeaderPairs } from '../../core/http.ts'
import type { Issue } from '../detectors/detector.ts'
import { shortEvidence } from '../detectors/short-evidence.ts'
import type { Difference } from '../diff/difference.ts'
import { comparePassages, type PassedOn } from '../diff/legs.ts'
import type { InterpretedAttempt } from '../format/records.ts'
import type { LegView } from '../view/view.ts'
import { type ExchangeRow, exchangeRow } from './exchange-row.ts'
import { bytesOf, type InspectedExchange } from './inspected-exchange.ts'

/** One exchange in full. */
export interface ExchangeDetail {
  row: ExchangeRow
  purpose: string | null
  replacement: { rule: string; decision: string } | null
  /** Their heads in the order of time. */
  legs: LegDetail[]
  /** As the proxy told of them when the exchange closed. */
  attempts: readonly InterpretedAttempt[]
  passages: ShownPassage[]
  /** As its protocol reads it; null where it cannot be read. */
  request: { messages: Said[]; tools: string[] } | null
  answer: { says: Said[]; stop: string | null; error: string | null; isComplete: boolean } | null
  issues: readonly Issue[]
}

/** What the proxy made of what it got, with as many differences as a person reads. */
export interface ShownPassage extends Omit<PassedOn, 'differences'> {
  /** Long values are cut. */
  differences: Difference[]
  /** How many there are in all. */
  found: number
}

export interface LegDetail {
  leg: Leg
  attempt: number | null
  backend: string | null
  method: string | null
  url: string | null
  status: number | null
  headers: HeaderPairs
  /** Milliseconds since the exchange was opened; null: not in the file. */
  headMs: number | null
  firstChunkMs: number | null
  endMs: number | null
  end: string | null
  chunks: number
  bytes: number
  missing: number
  entries: { first: number; last: number } | null
  /** The body's beginning, as much as was asked for. */
  data: Uint8Array
}

/** A part of a conversation. */
export interface Said {
  /** `system`, `user`, `assistant`, or of an answer `text`, `reasoning`, `tool_call`. */
  who: string
  /** What it is where it is no text: `tool_call Bash`, `image image/png`. */
  kind: string | null
  text: string
}

export function exchangeDetail(
  x: InspectedExchange,
  issues: readonly Issue[],
  dataBytes: number,
): ExchangeDetail {
  const { view, subject, final } = x
  const call = subject.ctp()?.call ?? (final && subject.ptb(final)?.call) ?? null
  const reading = x.answer
  return {
    row: exchangeRow(x, issues),
    purpose: view.closed?.purpose ?? null,
    replacement: view.closed?.replacement ?? null,
    legs: x.legs.map((leg) => legDetail(x, leg, dataBytes)).sort((a, b) => (a.headMs ?? 0) - (b.headMs ?? 0)),
    attempts: view.closed?.attempts ?? [],
    passages: comparePassages(view).map(shownPassage),
    request: call && {
      messages: call.messages.flatMap(saidIn),
      tools: call.tools.map(({ name }) => name),
    },
    answer: reading && {
      says: reading.answer?.choices.flatMap(({ parts }) => parts.map(partSaid)) ?? [],
      stop: reading.answer?.choices[0]?.end.raw || null,
      error: reading.error && [reading.error.type, reading.error.message].filter(Boolean).join(': '),
      isComplete: reading.isTerminated,
    },
    issues,
  }
}

const differencesShown = 20

function shownPassage({ differences, ...passage }: PassedOn): ShownPassage {
  const shown = differences.slice(0, differencesShown)
  return {
    ...passage,
    differences: shown.map(({ before, after, ...place }) => ({
      ...place,
      ...(shortEvidence({ before, after }) as Pick<Difference, 'before' | 'after'>),
    })),
    found: differences.length,
  }
}

function legDetail({ view }: InspectedExchange, leg: LegView, dataBytes: number): LegDetail {
  const since = (atNs: number | null | undefined) =>
    atNs === null || atNs === undefined ? null : (atNs - view.openedAtNs) / 1e6
  const entries = [leg.headEntry, ...leg.chunks.map(({ entry }) => entry), leg.end?.entry ?? null]
  const known = entries.filter((entry) => entry !== null)
  const attempt = view.attempts.find(({ number }) => number === leg.attempt)
  return {
    ...{ leg: leg.leg, attempt: leg.attempt, backend: attempt?.backend ?? null },
    ...{ method: leg.method, url: leg.url, status: leg.status, headers: leg.headers },
    headMs: since(leg.headAtNs ?? leg.chunks[0]?.atNs),
    firstChunkMs: since(leg.chunks[0]?.atNs),
    endMs: since(leg.end?.atNs),
    end: leg.end && [leg.end.why, leg.end.error].filter(Boolean).join(': '),
    ...{ chunks: leg.chunks.length, bytes: bytesOf(leg), missing: leg.missing },
    entries: known.length === 0 ? null : { first: known[0] ?? 0, last: known.at(-1) ?? 0 },
    data: leg.body().subarray(0, dataBytes),
  }
}

function saidIn({ role, parts }: Message): Said[] {
  return (parts as readonly (TextPart | UserPart | AssistantPart)[]).map((part) => ({
    ...partSaid(part as AnswerPart | UserPart | AssistantPart),
    who: role,
  }))
}

function partSaid(part: AnswerPart | UserPart | AssistantPart): Said {
  switch (part.type) {
    case 'text':
    case 'refusal':
    case 'reasoning':
      return { who: part.type, kind: part.type === 'text' ? null : part.type, text: part.text }
    case 'tool_call':
      return { who: 'tool_call', kind: `tool call ${part.name}`, text: part.arguments }
    case 'tool_result': {
      const text = part.content.map((inner) => ('text' in inner ? inner.text : `<${inner.type}>`)).join('\n')
      return { who: 'tool_result', kind: part.isError ? 'tool error' : 'tool result', text }
    }
    case 'server_tool':
      return { who: 'server_tool', kind: part.kind, text: part.text }
    case 'media':
      return { who: 'media', kind: part.mediaType, text: part.transcript ?? '' }
    default:
      return { who: part.type, kind: part.type, text: '' }
  }
}
