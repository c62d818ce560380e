import type { Analysis, AnswerFacts } from '../../../capture/inspect/analysis.ts'
import { printable } from '../../../core/printable.ts'
import { countText, durationText, tokensText, unknownMark } from '../../numbers.ts'
import { jsonIssue, jsonRow } from './json-rows.ts'
import type { Page } from './page.ts'
import { issuesOf, type Look, type Section } from './section.ts'
import { bytesText, clockText, foldedText } from './shown.ts'

/** What each exchange asked and was answered, as they end. */
export function analysisSection(page: Page, look: Look): Section {
  let count = 0
  return {
    exchange(x) {
      count++
      const analysis = look.capture.analysisOf(x, issuesOf(x, look))
      if (page.isJson) {
        const { row, issues, ...rest } = analysis
        return page.data('analysis', { ...jsonRow(row), ...jsonRow(rest), issues: issues.map(jsonIssue) })
      }
      if (count === 1) page.heading('Analysis')
      else page.line()
      printAnalysis(page, analysis)
    },
    end() {
      if (page.isJson || count > 0) return
      page.heading('Analysis')
      page.line('no exchanges')
    },
  }
}

function printAnalysis(page: Page, analysis: Analysis): void {
  const { number, openedAtNs, id, model, requestedModel, backend, status, outcome } = analysis.row
  const asked = requestedModel !== null && requestedModel !== model ? `${requestedModel} → ` : ''
  const head = `#${number}  ${clockText(openedAtNs)}  ${id}  ${asked}${model ?? unknownMark} at ${backend ?? unknownMark}`
  const words = printable(`${head}  ${status ?? unknownMark}  ${outcome ?? 'open'}`)
  for (const [index, line] of foldedText(words, Math.max(40, page.width - 2)).entries()) {
    page.line(index === 0 ? line : `  ${line.trimStart()}`, 'bold')
  }
  for (const [name, text] of factsOf(analysis)) {
    const lines = foldedText(printable(text), Math.max(40, page.width - nameWidth))
    for (const [index, line] of lines.entries()) {
      page.line(`${(index === 0 ? `  ${name}` : '').padEnd(nameWidth)}${line}`)
    }
  }
}

const nameWidth = 12

function factsOf({
  row,
  request,
  backend,
  client,
  failures,
  issues,
}: Analysis): [name: string, text: string][] {
  const { ttftMs, durationMs, gapMs, chunks, inTokens, outTokens, requestBytes, answerBytes } = row
  const tokens = (count: number | null) => (count === null ? unknownMark : tokensText(count))
  return [
    ...(request ? [fact('asked', `${askedWords(request)}, ${bytesText(requestBytes)}`)] : []),
    ...failures.map(({ attempt, backend: who, status, why }) =>
      fact('failed', `attempt ${attempt} at ${who ?? unknownMark}: ${status ?? unknownMark}, ${why}`),
    ),
    ...(backend ? [fact('backend', answerWords(backend))] : []),
    ...(client ? [fact('client', answerWords(client))] : []),
    fact(
      'time',
      `first content ${durationText(ttftMs)}, whole ${durationText(durationMs)}, longest silence ${durationText(gapMs)}`,
    ),
    fact(
      'size',
      `${tokens(inTokens)} tokens in, ${tokens(outTokens)} out, ${plural(chunks ?? 0, 'chunk')}, ${bytesText(answerBytes)}`,
    ),
    ...issues.map(({ code, severity, fault, description }) =>
      fact(severity, `${code}${fault === null ? '' : ` (${fault})`}: ${description}`),
    ),
  ]
}

function askedWords({ messages, tools, systemChars }: NonNullable<Analysis['request']>): string {
  const prompt = systemChars > 0 ? `, ${countText(systemChars)} characters of system prompt` : ''
  return `${plural(messages, 'message')}, ${plural(tools, 'tool')}${prompt}`
}

function plural(count: number, one: string): string {
  return `${countText(count)} ${one}${count === 1 ? '' : 's'}`
}

function fact(name: string, text: string): [string, string] {
  return [name, text]
}

function answerWords({
  textChars,
  reasoningChars,
  tools,
  stop,
  stopWord,
  error,
  isComplete,
}: AnswerFacts): string {
  return [
    error === null ? '' : `error: ${error.slice(0, 200)}`,
    `${countText(textChars)} characters`,
    reasoningChars > 0 ? `${countText(reasoningChars)} of reasoning` : '',
    tools.length > 0 ? `calls ${tools.join(', ')}` : '',
    stop === null ? 'no reason to stop' : `finished: ${stopWord || stop}`,
    isComplete ? '' : 'not complete',
  ]
    .filter((part) => part !== '')
    .join(', ')
}
