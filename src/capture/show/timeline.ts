import { isContent } from '../../core/event.ts'
import { readAnswer } from '../view/read-answer.ts'
import type { AttemptView, ExchangeView, LegView } from '../view/view.ts'

/** Something that passed the proxy: when it was read from one side, and when it was written to the other. */
export interface TimelineRow {
  what: string
  /** Milliseconds since the exchange opened; null: it was not, or is not in the capture. */
  readMs: number | null
  writtenMs: number | null
  note: string | null
}

/** From the client's request to the end of its answer, in the order of time. */
export function timelineOf(exchange: ExchangeView): TimelineRow[] {
  const { ctp, attempts } = exchange
  const since = (atNs: number | null | undefined) =>
    atNs === null || atNs === undefined ? null : (atNs - exchange.openedAtNs) / 1e6
  const answered = attempts.findLast(({ btp }) => btp !== null)
  return [
    ...attempts.flatMap((attempt) => [
      row(
        `request, attempt ${attempt.number}`,
        since(doneNs(ctp)),
        since(doneNs(attempt.ptb)),
        attempt.backend,
      ),
      ...(attempt === answered ? [] : [lostAttempt(attempt, since)]),
    ]),
    ...(attempts.length === 0 ? [row('request', since(doneNs(ctp)), null, 'no backend was asked')] : []),
    ...answerRows(exchange, answered ?? null, since),
  ]
}

type Since = (atNs: number | null | undefined) => number | null

function lostAttempt({ number, btp }: AttemptView, since: Since): TimelineRow {
  const note = btp === null ? 'no answer' : `${btp.status ?? 'no status'}, not passed on`
  return row(`answer, attempt ${number}`, since(btp?.headAtNs ?? btp?.end?.atNs), null, note)
}

function answerRows(exchange: ExchangeView, answered: AttemptView | null, since: Since): TimelineRow[] {
  const { ptc } = exchange
  const btp = answered?.btp ?? null
  const heads = row('answer begins', since(btp?.headAtNs), since(ptc?.headAtNs), statusNote(btp, ptc))
  const [first, last] = [chunkRow('first chunk', 0), chunkRow('last chunk', -1)]
  const content = contentRow(exchange, answered, since)
  const longest = silenceRow(btp, since)
  const ends = row('end', since(btp?.end?.atNs), since(ptc?.end?.atNs), endNote(btp, ptc))
  return [heads, first, content, longest, last, ends].filter((found) => found !== null)

  function chunkRow(what: string, at: number): TimelineRow {
    const count = btp?.chunks.length ?? ptc?.chunks.length ?? 0
    const note = at === -1 ? `${count} ${count === 1 ? 'chunk' : 'chunks'}` : null
    return row(what, since(btp?.chunks.at(at)?.atNs), since(ptc?.chunks.at(at)?.atNs), note)
  }
}

function contentRow(exchange: ExchangeView, answered: AttemptView | null, since: Since): TimelineRow {
  const { ptc, protocol, stream } = exchange
  const first = (leg: LegView | null | undefined, spoken: string | null) =>
    leg && readAnswer(leg, spoken, stream).events.find(({ event }) => isContent(event))?.atNs
  const read = since(first(answered?.btp, answered?.protocol ?? protocol))
  return row('first content', read, since(first(ptc, protocol)), null)
}

/** The backend's longest silence amid its answer, if it was one. */
function silenceRow(btp: LegView | null, since: Since): TimelineRow | null {
  let [longestNs, endNs] = [0, 0]
  for (const [at, chunk] of (btp?.chunks ?? []).entries()) {
    const gapNs = chunk.atNs - (btp?.chunks[at - 1]?.atNs ?? chunk.atNs)
    if (gapNs > longestNs) [longestNs, endNs] = [gapNs, chunk.atNs]
  }
  if (longestNs < 1e9) return null
  return row('longest silence', since(endNs), null, `${(longestNs / 1e9).toFixed(1)} s until then`)
}

function statusNote(btp: LegView | null, ptc: LegView | null): string | null {
  const [read, written] = [btp?.status ?? null, ptc?.status ?? null]
  if (read === null || written === null || read === written) return (read ?? written)?.toString() ?? null
  return `${read} became ${written}`
}

function endNote(btp: LegView | null, ptc: LegView | null): string | null {
  const whys = [btp?.end?.why, ptc?.end?.why].map((why) => (why === 'eof' ? 'whole' : (why ?? 'open')))
  return whys[0] === whys[1] ? (whys[0] ?? null) : `${whys[0]} from the backend, ${whys[1]} to the client`
}

function doneNs(leg: LegView | null): number | null {
  return leg?.end?.atNs ?? leg?.chunks.at(-1)?.atNs ?? leg?.headAtNs ?? null
}

function row(
  what: string,
  readMs: number | null,
  writtenMs: number | null,
  note: string | null,
): TimelineRow {
  return { what, readMs, writtenMs, note }
}
