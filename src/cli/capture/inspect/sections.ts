import { exitCodes } from '../../exit-codes.ts'
import { Failure } from '../../failure.ts'
import { analysisSection } from './analysis-section.ts'
import { type EntryChoice, entriesSection } from './entries-section.ts'
import { exchangeSection } from './exchange-section.ts'
import { exchangesSection } from './exchanges-section.ts'
import type { InspectValues } from './flags.ts'
import { backendsSection, bridgesSection, sessionsSection, statusSection } from './gathered-sections.ts'
import { issuesHeadlineSection, issuesSection } from './issues-section.ts'
import type { Page } from './page.ts'
import type { Look, Section } from './section.ts'
import { streamingSection } from './streaming-section.ts'
import { summarySection } from './summary-section.ts'
import { timelineSection } from './timeline-section.ts'
import { trackSection } from './track-section.ts'

export interface ChosenSection {
  /** It shows issues. */
  hasIssues?: true
  /** It shows frames only, whatever their exchanges came to. */
  ofFrames?: true
  /** It shows what bodies begin with. */
  hasData?: true
  make(page: Page, look: Look): Section
}

const exchangesShown = 20

/** What flags ask for, in the order in which it is printed; without any, what a newcomer wants to see. */
export function chosenSections(flags: InspectValues): ChosenSection[] {
  if (flags.entries === 0 && isOnly(flags)) return [{ hasIssues: true, make: summarySection }]
  const chosen = asked(flags)
  if (chosen.length > 0) return chosen
  const last: ChosenSection = {
    hasIssues: true,
    make: (page, look) => exchangesSection(page, look, exchangesShown),
  }
  if (flags.follow) return [last]
  const summary: ChosenSection = { hasIssues: true, make: summarySection }
  return [summary, last, { hasIssues: true, make: issuesHeadlineSection }]
}

function asked(flags: InspectValues): ChosenSection[] {
  const { last, exchange, 'track-request': track } = flags
  const choice = entryChoice(flags)
  const chosen: (ChosenSection | false | null | undefined)[] = [
    choice && { ofFrames: true, hasData: true, make: (page, look) => entriesSection(page, look, choice) },
    last !== undefined && { hasIssues: true, make: (page, look) => exchangesSection(page, look, last) },
    exchange !== undefined && {
      hasIssues: true,
      make: (page, look) => exchangeSection(page, look, exchange),
    },
    flags.analyze && { hasIssues: true, make: analysisSection },
    flags['analyze-streaming'] && { make: streamingSection },
    flags['detect-issues'] && { hasIssues: true, make: issuesSection },
    flags.timeline && { ofFrames: true, make: timelineSection },
    flags['status-summary'] && { make: statusSection },
    flags['group-by-session'] && { make: sessionsSection },
    flags.b2bua && { make: bridgesSection },
    track !== undefined && { make: (page, look) => trackSection(page, look, track) },
    flags['list-backends'] && { make: backendsSection },
  ]
  return chosen.filter((one) => one !== false && one !== null && one !== undefined)
}

function isOnly(flags: InspectValues): boolean {
  return asked(flags).length === 0
}

function entryChoice({ entries, range = [], around, context, entry }: InspectValues): EntryChoice | null {
  const ranges = range.map(rangeOf)
  if (around !== undefined) ranges.push({ from: around - context, to: around + context })
  if (entry !== undefined) ranges.push({ from: entry, to: entry })
  const first = entries === undefined || entries === 0 ? null : entries
  return first === null && ranges.length === 0 ? null : { first, ranges }
}

/** `A-B`, `A:B`, `A..B`; without an end, to the last; `A` alone is one frame. */
function rangeOf(text: string): { from: number; to: number } {
  const found = /^\s*(\d{1,12})\s*(?:(-|:|\.\.)\s*(\d{1,12})?)?\s*$/.exec(text)
  const from = Number(found?.[1])
  const last = found?.[2] === undefined ? from : Number.MAX_SAFE_INTEGER
  const to = found?.[3] === undefined ? last : Number(found[3])
  if (!found || to < from) {
    const message = `--range: ${JSON.stringify(text.slice(0, 64))} is no range of frames; write 10-20`
    throw new Failure(message, exitCodes.usage, ['llmproxy capture inspect --range 10-20'])
  }
  return { from, to }
}
