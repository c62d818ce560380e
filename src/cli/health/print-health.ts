import type { ChalkInstance } from 'chalk'
import { hanging, type Section, type TableSection, tableSection } from '../section.ts'
import { backendTone } from '../tone.ts'
import { wrapped } from '../wrapped.ts'
import { backendColumns, quotaSentence, quotaTitle, reasonSentence, reasonTitle } from './backend-columns.ts'
import { endpointColumns, endpointSentence, endpointTone, errorTitle } from './endpoint-columns.ts'
import { headline } from './headline.ts'
import { notesOf } from './notes.ts'
import type { BackendHealth, EndpointHealth, HealthReport } from './report.ts'

export interface PrintSettings {
  /** Where the proxy is. */
  url: string
  /** Columns of the terminal; Infinity in a pipe. */
  width: number
  chalk: ChalkInstance
  nowMs: number
}

/** A report's lines: the answer, and what is said beside it. */
export function printHealth(
  report: HealthReport,
  settings: PrintSettings,
): { answer: string[]; talk: string[] } {
  const { width, chalk } = settings
  const backends = backendSection(report.backends, settings)
  const endpoints = endpointSection(report.endpoints, settings)
  const notes = notesOf(report).flatMap(({ text, isWarning }) =>
    isWarning ? hanging('warn', text, width, chalk, '▲') : hanging('muted', text, width, chalk, '·'),
  )
  const parts = [headline(report, settings), backends.lines, endpoints.lines, notes]
  const hidden = [...new Set([...backends.hidden, ...endpoints.hidden])]
  const talk = hidden.length > 0 ? [`hidden: ${hidden.join(', ')} (widen the terminal, or use --json)`] : []
  return {
    answer: parts
      .filter((lines) => lines.length > 0)
      .flatMap((lines, index) => (index > 0 ? ['', ...lines] : lines)),
    talk: talk.flatMap((line) => wrapped(line, width)),
  }
}

function backendSection(backends: HealthReport['backends'], settings: PrintSettings): Section {
  if (backends === null) return { lines: [], hidden: [] }
  if (backends.length === 0) return { lines: ['no backends configured'], hidden: [] }
  const whole = backendTable(backends, settings, true)
  if (whole.shows(quotaTitle)) return whole
  // The nearest limit of each in the table is better than all of them below it.
  const short = backendTable(backends, settings, false)
  if (!short.shows(quotaTitle)) return whole
  const isMore = backends.some(({ quota }) => quota.length > 1)
  return { lines: short.lines, hidden: isMore ? [...short.hidden, `more ${quotaTitle}`] : short.hidden }
}

function backendTable(
  backends: readonly BackendHealth[],
  settings: PrintSettings,
  allQuota: boolean,
): TableSection {
  return tableSection(backends, {
    columns: backendColumns(backends, settings.nowMs, allQuota),
    tone: ({ state }) => backendTone(state),
    sentences: [
      { title: reasonTitle, of: reasonSentence },
      { title: quotaTitle, of: (backend) => quotaSentence(backend, settings.nowMs) },
    ],
    ...settings,
  })
}

function endpointSection(endpoints: readonly EndpointHealth[], settings: PrintSettings): Section {
  if (endpoints.length === 0) return { lines: [], hidden: [] }
  return tableSection(endpoints, {
    columns: endpointColumns(endpoints, settings.nowMs),
    tone: endpointTone,
    sentences: [{ title: errorTitle, of: endpointSentence }],
    ...settings,
  })
}
