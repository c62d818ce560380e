import type { Event } from '../../core/event.ts'
import type { Leg } from '../../core/exchange.ts'
import type { AnswerReading } from '../view/reading.ts'
import type { LegView } from '../view/view.ts'
import type { InspectedExchange } from './inspected-exchange.ts'

/** One thing that happened in an exchange. */
export interface TrackRow {
  entry: number | null
  leg: Leg
  attempt: number | null
  /** Milliseconds since the exchange was opened. */
  atMs: number
  /** Milliseconds since what happened before. */
  gapMs: number
  what: string
  bytes: number | null
}

const mostWords = 50

/** All that passed in an exchange, in the order of time. */
export function trackRows(x: InspectedExchange): TrackRow[] {
  const { view, subject } = x
  const rows = [
    ...(view.ctp ? legRows(view.ctp, null) : []),
    ...view.attempts.flatMap((attempt) => [
      ...(attempt.ptb ? legRows(attempt.ptb, null, attempt.backend) : []),
      ...(attempt.btp ? legRows(attempt.btp, subject.btp(attempt)) : []),
    ]),
    ...(view.ptc ? legRows(view.ptc, subject.ptc()) : []),
  ].sort((a, b) => a.atNs - b.atNs)
  return rows.map(({ atNs, ...row }, index) => ({
    ...row,
    atMs: (atNs - view.openedAtNs) / 1e6,
    gapMs: (atNs - (rows[index - 1]?.atNs ?? view.openedAtNs)) / 1e6,
  }))
}

interface Happened extends Omit<TrackRow, 'atMs' | 'gapMs'> {
  atNs: number
}

function legRows(leg: LegView, reading: AnswerReading | null, backend: string | null = null): Happened[] {
  const place = { leg: leg.leg, attempt: leg.attempt }
  const said = wordsByEntry(reading)
  const rows: Happened[] = []
  if (leg.headAtNs !== null) {
    const to = backend === null ? null : `to ${backend}`
    const what =
      leg.status === null ? [to, leg.method, leg.url].filter(Boolean).join(' ') : `status ${leg.status}`
    rows.push({ ...place, atNs: leg.headAtNs, entry: leg.headEntry, what, bytes: null })
  }
  for (const { atNs, entry, bytes, missing } of leg.chunks) {
    const what = said.get(entry) ?? (reading?.isStream ? 'no whole event' : 'body')
    said.delete(entry)
    rows.push({ ...place, atNs, entry, what, bytes: bytes.length + missing })
  }
  if (leg.end) {
    const { atNs, entry, why, error } = leg.end
    rows.push({ ...place, atNs, entry, what: ['end', why, error].filter(Boolean).join(': '), bytes: null })
  }
  return rows
}

/** What the events say that begin in an entry. */
function wordsByEntry(reading: AnswerReading | null): Map<number, string> {
  const said = new Map<number, string>()
  for (const { event, entry } of reading?.events ?? []) {
    const words = eventWords(event)
    if (words === null) continue
    const before = said.get(entry)
    if (before === undefined) said.set(entry, words)
    else if (before.length < 2 * mostWords) said.set(entry, `${before}; ${words}`)
  }
  if (reading?.error && reading.events.length === 0) {
    said.set(reading.error.at.entry, `error: ${cut(reading.error.message)}`)
  }
  return said
}

function eventWords(event: Event): string | null {
  switch (event.type) {
    case 'start':
      return `start${event.model === undefined ? '' : ` of ${event.model}`}`
    case 'text':
    case 'reasoning':
    case 'refusal':
      return `${event.type}: ${cut(event.text)}`
    case 'tool_call':
      return event.name === undefined ? `arguments: ${cut(event.arguments)}` : `tool call: ${event.name}`
    case 'end':
      return `finished: ${event.raw || event.reason}`
    case 'usage':
      return `usage: ${event.usage.promptTokens ?? '—'} in, ${event.usage.completionTokens ?? '—'} out`
    case 'error':
      return `error: ${cut(event.message)}`
    case 'ping':
      return 'ping'
    case 'unknown':
      return `unknown: ${event.name}`
    default:
      return null
  }
}

function cut(text: string): string {
  return text.length > mostWords ? `${text.slice(0, mostWords)}…` : text
}
