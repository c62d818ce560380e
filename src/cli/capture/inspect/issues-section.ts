import type { Issue } from '../../../capture/detectors/detector.ts'
import type { IssueGroup } from '../../../capture/detectors/groups.ts'
import { printable } from '../../../core/printable.ts'
import { countText } from '../../numbers.ts'
import { columnsOf } from '../../text-width.ts'
import { jsonIssue, jsonRow } from './json-rows.ts'
import type { Page } from './page.ts'
import { issuesOf, type Look, type Section } from './section.ts'
import { foldedText, shellArgument } from './shown.ts'

/** What went wrong, in groups with the worst first; under JSON each issue as it is found. */
export function issuesSection(page: Page, look: Look): Section {
  const groups = new look.capture.IssueGroups()
  const take = (issues: readonly Issue[]) => {
    for (const issue of issues) {
      if (page.isJson) page.data('issue', jsonIssue(issue))
      else groups.add(issue)
    }
  }
  return {
    exchange: (x) => take(issuesOf(x, look)),
    issues: (issues) => take(look.legs ? [] : issues),
    end() {
      if (page.isJson) return
      page.heading('Issues')
      for (const { text, tone } of look.capture.groupLines(groups.groups(), look.named)) {
        for (const line of foldedLines(text, page.width)) page.line(line, tone)
      }
    },
  }
}

/** Commands stay whole, so that they can be copied. */
function foldedLines(text: string, width: number): string[] {
  if (columnsOf(text) <= width || /^\s*(?:…[^$]*)?\$ /.test(text)) return [text]
  const indent = `${/^ */.exec(text)?.[0] ?? ''}  `
  const [first = '', ...rest] = foldedText(text.trimStart(), Math.max(20, width - indent.length))
  return [`${indent.slice(2)}${first}`, ...rest.map((line) => indent + line.trimStart())]
}

const headlinesShown = 5

/** The issues in a line a kind, where they are not what was asked for. */
export function issuesHeadlineSection(page: Page, look: Look): Section {
  const groups = new look.capture.IssueGroups()
  const take = (issues: readonly Issue[]) => {
    for (const issue of issues) groups.add(issue)
  }
  return {
    exchange: (x) => take(issuesOf(x, look)),
    issues: (issues) => take(look.legs ? [] : issues),
    end() {
      const all = groups.groups()
      if (!page.isJson) return printHeadline(page, look, all)
      for (const { examples, faults, ...group } of all) {
        page.data('issue_group', { ...jsonRow(group), faults, examples: examples.map(jsonIssue) })
      }
    },
  }
}

function printHeadline(page: Page, { capture, named }: Look, groups: readonly IssueGroup[]): void {
  page.heading('Issues')
  const [worst] = groups
  if (!worst) return page.line(capture.groupLines([])[0]?.text)
  for (const { code, severity, count, exchanges } of groups.slice(0, headlinesShown)) {
    const where = exchanges > 1 ? `, in ${countText(exchanges)} exchanges` : ''
    page.line(`${severity.padEnd(7)}${code}  ${countText(count)}×${where}`, severity)
  }
  const more = groups.length - headlinesShown
  if (more > 0) page.line(`and ${more} more ${more === 1 ? 'kind' : 'kinds'}`, 'dim')
  const [example] = worst.examples
  if (example) {
    const { exchange, fault, description } = example
    const words = [exchange, fault === null ? null : `fault: ${fault}`, description].filter(
      (word) => word !== null,
    )
    for (const line of foldedText(printable(words.join(', ')), page.width)) page.line(line)
  }
  page.line(`$ llmproxy capture inspect${shellArgument(named)} --detect-issues`, 'dim')
}
