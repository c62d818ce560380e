import { printable } from '../../core/printable.ts'
import type { Issue, Severity } from './detector.ts'
import type { IssueGroup } from './groups.ts'

export interface GroupLine {
  /** How the line may be coloured: by severity a heading, dim what is beside the point. */
  tone: Severity | 'plain' | 'dim'
  text: string
}

const noIssues = 'No issues detected'

/**
 * Groups as people read them: what, in which exchange, whose fault, what proves it, and a command to see it
 * (`spec/capture.md`, Issues). `file`: how the capture is named on the command line; null for the default one.
 */
export function groupLines(groups: readonly IssueGroup[], file: string | null = null): GroupLine[] {
  if (groups.length === 0) return [{ tone: 'plain', text: noIssues }]
  return groups.flatMap((group, index) => [
    ...(index === 0 ? [] : [line('')]),
    { tone: group.severity, text: heading(group) },
    ...group.examples.flatMap((issue) => exampleLines(issue, file)),
    ...restLines(group, file),
  ])
}

function heading({ code, type, severity, count, exchanges, faults }: IssueGroup): string {
  const title = code.replaceAll('_', ' ').toUpperCase()
  const legacy = type === code ? '' : `, the original's ${type}`
  const where = exchanges > 1 ? ` in ${exchanges} exchanges` : ''
  const whose = Object.entries(faults)
    .sort(([, a], [, b]) => b - a)
    .map(([fault, times]) => (exchanges > 1 ? `${fault} ${times}` : fault))
    .join(', ')
  const occurrences = `${count} ${count === 1 ? 'occurrence' : 'occurrences'}${where}`
  return `${title} (${occurrences}) · ${severity} · fault: ${whose}${legacy}`
}

function exampleLines(issue: Issue, file: string | null): GroupLine[] {
  const { description, evidence, hint, count } = issue
  const times = count > 1 ? ` (${count} times)` : ''
  const proof = Object.entries(evidence)
    .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join('  ')
  return [
    line(`  ${[placeOf(issue), description].filter((text) => text !== '').join(': ')}${times}`),
    ...(proof === '' ? [] : [dim(`    ${proof}`)]),
    dim(`    → ${hint}`),
    dim(`    $ ${commandFor(issue, file)}`),
  ]
}

function restLines({ exchanges, examples, code }: IssueGroup, file: string | null): GroupLine[] {
  const more = exchanges - examples.length
  return more > 0 ? [dim(`    … ${more} more: $ ${inspect(file)} --detect-issues --only ${code}`)] : []
}

function placeOf({ exchange, leg, attempt, entry }: Issue): string {
  const where = leg === null ? '' : attempt === null || attempt === 1 ? leg : `${leg} attempt ${attempt}`
  const at = entry === null ? '' : `entry ${entry}`
  return [exchange ?? '', where, at].filter((part) => part !== '').join(' ')
}

/** Shows the place of an issue. */
function commandFor({ exchange, entry }: Issue, file: string | null): string {
  if (exchange !== null) return `${inspect(file)} --exchange${argument(exchange)}`
  return entry === null ? `llmproxy capture verify${argument(file)}` : `${inspect(file)} --around ${entry}`
}

function inspect(file: string | null): string {
  return `llmproxy capture inspect${argument(file)}`
}

function argument(file: string | null): string {
  if (file === null) return ''
  return /^[\w@%+=:,./-]+$/.test(file) ? ` ${file}` : ` '${file.replaceAll("'", `'\\''`)}'`
}

function line(text: string): GroupLine {
  return { tone: 'plain', text: printable(text) }
}

function dim(text: string): GroupLine {
  return { tone: 'dim', text: printable(text) }
}
