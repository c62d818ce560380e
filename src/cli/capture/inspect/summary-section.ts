import type { Damage, Summary } from '../../../capture/inspect/summary.ts'
import { legs } from '../../../core/exchange.ts'
import { printable } from '../../../core/printable.ts'
import { countText, durationText, tokensText, usdText } from '../../numbers.ts'
import { jsonRow } from './json-rows.ts'
import type { Page } from './page.ts'
import { issuesOf, type Look, type Section } from './section.ts'
import { bytesText, dateText, foldedText, isoText } from './shown.ts'

const nameWidth = 11
const namesShown = 5

/** What the capture is about. */
export function summarySection(page: Page, look: Look): Section {
  const summary = new look.capture.SummaryBuilder()
  return {
    began: (item) => summary.began(item),
    exchange(x) {
      summary.exchange(x)
      summary.issues(issuesOf(x, look))
    },
    issues: (issues) => summary.issues(issues),
    gap: (gap) => summary.gap(gap),
    end() {
      const result = summary.result()
      if (page.isJson) page.data('summary', jsonSummary(result))
      else for (const line of summaryLines(result, page.width)) page.line(line)
    },
  }
}

function jsonSummary({ firstAtNs, lastAtNs, legs: sums, ...rest }: Summary): object {
  const times = { first_at: isoText(firstAtNs), last_at: isoText(lastAtNs) }
  // Legs have their names everywhere.
  return { ...times, ...jsonRow(rest), legs: sums }
}

function summaryLines(summary: Summary, width: number): string[] {
  const { exchanges, failed, open, streams, sessions, firstAtNs, lastAtNs, files, moreFiles } = summary
  const count = files.length + moreFiles
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone
  const period =
    firstAtNs === null || lastAtNs === null
      ? null
      : `${dateText(firstAtNs)} – ${dateText(lastAtNs)} (${zone}), ${durationText((lastAtNs - firstAtNs) / 1e6)}`
  return [
    ...(count > 1 ? line('files', `${count}`, width) : []),
    ...line('period', period, width),
    ...line(
      'exchanges',
      words([
        countText(exchanges),
        failed > 0 ? `${countText(failed)} failed` : '',
        open > 0 ? `${countText(open)} without an end` : '',
        streams > 0 ? `${countText(streams)} streamed` : '',
        sessions > 0 ? `${countText(sessions)} ${sessions === 1 ? 'session' : 'sessions'}` : '',
      ]),
      width,
    ),
    ...line('backends', names(summary.backends), width),
    ...line('models', names(summary.models), width),
    ...line('clients', names(summary.apps), width),
    ...line('tokens', tokensWords(summary), width),
    ...line('legs', legWords(summary), width),
    ...damageWords(summary.damage).flatMap((text) => line('damage', text, width)),
  ]
}

/** Nothing where there is nothing to say. */
function line(name: string, text: string | null, width: number): string[] {
  if (text === null || text === '') return []
  const lines = foldedText(printable(text), Math.max(40, width - nameWidth))
  return lines.map((part, index) => `${(index === 0 ? name : '').padEnd(nameWidth)}${part}`)
}

function words(parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join(', ')
}

function names(counts: readonly { name: string; count: number }[]): string {
  const shown = counts
    .slice(0, namesShown)
    .map(({ name, count }) => `${printable(name, 60)} ${countText(count)}`)
  const more = counts.length - shown.length
  return words([...shown, more > 0 ? `${more} more` : ''])
}

function tokensWords({ inTokens, outTokens, costUsd, unknownTokens, exchanges }: Summary): string | null {
  if (exchanges === 0 || unknownTokens === exchanges) return null
  const unknown = unknownTokens > 0 ? `not known of ${countText(unknownTokens)} exchanges` : ''
  return words([
    `${tokensText(inTokens)} in`,
    `${tokensText(outTokens)} out`,
    costUsd === null ? '' : usdText(costUsd),
    unknown,
  ])
}

function legWords({ legs: sums }: Summary): string {
  return words(
    legs.flatMap((leg) => {
      const { legs: count, bytes, chunks } = sums[leg]
      return count === 0
        ? []
        : [`${leg} ${bytesText(bytes)} in ${countText(chunks)} ${chunks === 1 ? 'chunk' : 'chunks'}`]
    }),
  )
}

/** What is not in the files, or cannot be read, a sentence each. */
export function damageWords(damage: Damage): string[] {
  const { places, bytes, tornFiles, notClosed, lostRecords, lostBytes, lostWhy, missingBlobs } = damage
  const of = (count: number, one: string, many: string) => `${countText(count)} ${count === 1 ? one : many}`
  return [
    ...(places > 0 || tornFiles > 0
      ? [
          `${words([
            places > 0 ? `${of(places, 'place', 'places')} cannot be read` : '',
            tornFiles > 0 ? `${of(tornFiles, 'file is', 'files are')} cut at the end` : '',
          ])}: ${bytesText(bytes)} are lost, all else was read`,
        ]
      : []),
    ...(missingBlobs > 0 ? [`${of(missingBlobs, 'part of a body is', 'parts of bodies are')} missing`] : []),
    ...(lostRecords > 0
      ? [
          `${of(lostRecords, 'record', 'records')} (${bytesText(lostBytes)}) were never written: ${lostWhy.join(', ')}`,
        ]
      : []),
    ...(notClosed > 0
      ? [
          `${of(notClosed, 'recording was', 'recordings were')} not closed: still being written, or its process was killed`,
        ]
      : []),
  ]
}
