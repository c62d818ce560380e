import { shellWord } from '../cli/clients/shell.ts'
import { unknownMark } from '../cli/numbers.ts'
import type { LiveRecent } from '../core/live-snapshot.ts'
import { durationFigure } from './figures.ts'
import { type Span, span } from './lines.ts'
import type { Style } from './theme.ts'

/** As much of an id as is shown; `llmproxy show` takes any beginning of one. */
const shownId = 12
const shownSession = 8

export function idText(id: string): string {
  return id.slice(0, shownId)
}

/** Enough to tell sessions apart. Ids of ours begin with their time, which sessions of a minute share: their end differs. */
export function sessionText(id: string | null): string {
  if (id === null) return unknownMark
  return ownSession.test(id) ? `s_${id.slice(2 - shownSession)}` : id.slice(0, shownSession)
}

/** As `sessionIds` makes them. */
const ownSession = /^s_[0-9a-z]{20}$/

export function named(text: string | null): Span {
  return text === null ? span(unknownMark, 'muted') : span(text)
}

/** A figure, which is muted where nothing is known. */
export function figure(text: string, style?: Style | null): Span {
  return span(text, text === unknownMark ? 'muted' : style)
}

/** A model without the date that providers put behind it. */
export function modelText(model: string | null): string {
  return model?.replace(/[-@](20\d{2}-?\d{2}-?\d{2})$/, '') ?? unknownMark
}

export function routeText(model: string | null, requested: string | null, backend: string | null): string {
  const shown = modelText(model ?? requested)
  return backend === null ? shown : `${shown} → ${backend}`
}

/** A state or code as people read it. */
export function plainWords(code: string): string {
  return code.replaceAll('_', ' ')
}

/** How long ago, for a small column. */
export function agoText(at: string | null, atMs: number): string {
  const ms = at === null ? Number.NaN : Date.parse(at)
  return Number.isNaN(ms) ? unknownMark : ageFigure(atMs - ms)
}

/** Ages that are looked at again and again need no tenths. */
export function ageFigure(ms: number | null): string {
  if (ms === null) return unknownMark
  return ms < 59_500 ? `${Math.floor(Math.max(0, ms) / 1_000)}s` : durationFigure(wholeSeconds(ms))
}

/** How long until then; `now` where it has passed, null where nobody said when. */
export function untilText(at: string | null, atMs: number): string | null {
  const ms = at === null ? Number.NaN : Date.parse(at)
  if (Number.isNaN(ms)) return null
  return ms <= atMs ? 'now' : ageFigure(ms - atMs + 999)
}

/** Whether an exchange's end is something to look at. A client that left is no error. */
export function isRecentTrouble({ outcome, incomplete_reason: reason, error, issue }: LiveRecent): boolean {
  return reason !== 'client_disconnect' && (outcome !== 'complete' || error !== null || issue !== null)
}

export function showCommand(id: string): string {
  return `llmproxy show ${shellWord(id)}`
}

export function recentCommand(flag: '--session' | '--backend', value: string): string {
  return `llmproxy usage recent ${flag}=${shellWord(value)}`
}

function wholeSeconds(ms: number): number {
  return Math.max(0, Math.floor(ms / 1_000)) * 1_000
}
