import type { ExchangeDetail, LegDetail, Said } from '../../../capture/inspect/exchange-detail.ts'
import { printable } from '../../../core/printable.ts'
import { countText, durationText, tokensText, unknownMark, usdText } from '../../numbers.ts'
import { legText } from './frame-columns.ts'
import { passageLines } from './passage-lines.ts'
import type { Look } from './section.ts'
import { bytesText, dateText, decodedText, foldedText, hexLines, textLines } from './shown.ts'
import { dim, indented, plain, type TonedLine, title } from './toned-lines.ts'

const nameWidth = 12
const messagesShown = 6
const linesShown = 12
const legIndent = 17

/** One exchange as people read it: what it was, its legs, what differs between them, what was said. */
export function exchangeLines(detail: ExchangeDetail, width: number, look: Look): TonedLine[] {
  return [
    ...aboutLines(detail, width),
    ...issueLines(detail, width),
    ...title('Legs'),
    ...detail.legs.flatMap((leg) => legLines(leg, width, look)),
    ...attemptLines(detail, width),
    ...passageLines(detail.passages, width),
    ...requestLines(detail, width, look),
    ...answerLines(detail, width, look),
  ]
}

function aboutLines({ row, purpose, replacement }: ExchangeDetail, width: number): TonedLine[] {
  const { openedAtNs, session, turn, app, protocol, requestedModel, model, backend, status } = row
  const tokens = (count: number | null) => (count === null ? unknownMark : tokensText(count))
  const end = row.outcome === null ? 'it had not closed when the capture ended' : row.outcome
  const facts: [string, string | null][] = [
    ['opened', `${dateText(openedAtNs)}, entries ${row.entries.first}–${row.entries.last} of ${row.file}`],
    [
      'client',
      [app, protocol && `over ${protocol}`, row.stream ? 'as a stream' : 'whole', purpose]
        .filter(Boolean)
        .join(', '),
    ],
    ['session', session === null ? null : `${session}${turn === null ? '' : `, turn ${turn}`}`],
    ['asked for', requestedModel],
    [
      'answered by',
      backend === null && model === null ? null : `${backend ?? unknownMark}: ${model ?? unknownMark}`,
    ],
    ['replacement', replacement && `${replacement.decision} (${replacement.rule})`],
    ['status', [status ?? unknownMark, end, row.reason, row.error].filter(Boolean).join(', ')],
    [
      'time',
      `first content ${durationText(row.ttftMs)}, whole ${durationText(row.durationMs)}, longest silence ${durationText(row.gapMs)}`,
    ],
    [
      'tokens',
      `${tokens(row.inTokens)} in, ${tokens(row.outTokens)} out${row.costUsd === null ? '' : `, ${usdText(row.costUsd)}`}`,
    ],
  ]
  return facts.flatMap(([name, value]) => {
    if (value === null) return []
    const lines = foldedText(printable(value), Math.max(40, width - nameWidth))
    return lines.map((line, index) => plain(`${(index === 0 ? name : '').padEnd(nameWidth)}${line}`))
  })
}

function issueLines({ issues }: ExchangeDetail, width: number): TonedLine[] {
  if (issues.length === 0) return []
  return [
    ...title('Issues'),
    ...issues.flatMap(({ code, severity, fault, description, hint }) => [
      ...indented(
        `${severity}: ${code}${fault === null ? '' : `, fault: ${fault}`}: ${description}`,
        2,
        width,
        severity,
      ),
      ...indented(`→ ${hint}`, 4, width, 'dim'),
    ]),
  ]
}

function legLines(leg: LegDetail, width: number, { isVerbose, isHex }: Look): TonedLine[] {
  const { headMs, endMs, chunks, bytes, missing, entries, status, method, url, backend } = leg
  const head = status === null ? [method, url].filter(Boolean).join(' ') : `status ${status}`
  const to = leg.leg === 'PTB' && backend !== null ? `to ${backend}` : ''
  const size =
    chunks === 0 ? 'no body' : `${bytesText(bytes)}${chunks > 1 ? ` in ${countText(chunks)} chunks` : ''}`
  const end = leg.end === null ? 'no end' : `${leg.end}${endMs === null ? '' : ` at +${durationText(endMs)}`}`
  const what = [to, head, size, missing > 0 ? `${bytesText(missing)} missing` : '', end]
  const where = entries === null ? '' : `  entries ${entries.first}–${entries.last}`
  const at = headMs === null ? unknownMark : `+${durationText(headMs)}`
  const words = `${what.filter((part) => part !== '').join(', ')}${where}`
  const lines = foldedText(printable(words), Math.max(40, width - legIndent))
  const place = `${at.padStart(9)}  ${legText(leg).padEnd(5)} `
  return [
    ...lines.map((line, index) => plain(`${index === 0 ? place : ' '.repeat(legIndent)}${line}`)),
    ...(isVerbose
      ? leg.headers.flatMap(([name, value]) => indented(`${name}: ${value}`, legIndent, width, 'dim'))
      : []),
    ...(isHex ? hexLines(leg.data).map((line) => plain(`  ${line}`)) : []),
  ]
}

function attemptLines({ attempts }: ExchangeDetail, width: number): TonedLine[] {
  const told = attempts.filter(({ reason, dropped, replaces }) => reason !== undefined || dropped || replaces)
  if (told.length === 0) return []
  return [
    ...title('Attempts'),
    ...told.flatMap(({ n, backend, model, status, reason, dropped, replaces }) =>
      indented(
        [
          `${n}. ${backend}${model === undefined ? '' : `: ${model}`}`,
          status === undefined ? '' : `status ${status}`,
          replaces ? 'in place of what was asked for' : '',
          reason ?? 'answered',
          dropped && dropped.length > 0 ? `left out: ${dropped.join(', ')}` : '',
        ]
          .filter((part) => part !== '')
          .join(', '),
        2,
        width,
      ),
    ),
  ]
}

function requestLines({ request }: ExchangeDetail, width: number, look: Look): TonedLine[] {
  if (request === null) return [...title('Request'), plain('  cannot be read')]
  const { messages, tools } = request
  const shown = look.isVerbose ? messages : messages.slice(-messagesShown)
  const hidden = messages.length - shown.length
  const more =
    hidden > 0
      ? `, the last ${shown.length} of ${countText(messages.length)} parts (--verbose shows all)`
      : ''
  return [
    ...title(`Request${more}`),
    ...(tools.length > 0 ? indented(`tools: ${tools.join(', ')}`, 2, width, 'dim') : []),
    ...shown.flatMap((said) => saidLines(said, width, look)),
  ]
}

function answerLines({ answer }: ExchangeDetail, width: number, look: Look): TonedLine[] {
  if (answer === null) return [...title('Answer'), plain('  none in the capture')]
  const { says, stop, error, isComplete } = answer
  return [
    ...title('Answer'),
    ...(error === null ? [] : indented(`error: ${error}`, 2, width, 'error')),
    ...says.flatMap((said) => saidLines(said, width, look)),
    ...(says.length === 0 && error === null ? [plain('  nothing that its protocol can read')] : []),
    {
      text: `  ${isComplete ? 'complete' : 'not complete'}${stop === null ? '' : `, finished: ${printable(stop, 60)}`}`,
      tone: isComplete ? 'dim' : 'warn',
    },
  ]
}

function saidLines({ who, kind, text }: Said, width: number, { maxData, isVerbose }: Look): TonedLine[] {
  const bytes = Buffer.from(text)
  const shown = bytes.length > maxData ? decodedText(bytes.subarray(0, maxData)) : text
  const most = isVerbose ? Number.POSITIVE_INFINITY : linesShown
  const { lines, more } = textLines(shown, width - 4, most)
  const size = text.length > 200 ? ` (${countText(text.length)} characters)` : ''
  const label = kind === null || kind === who ? who : who === 'tool_call' ? kind : `${who}, ${kind}`
  return [
    { text: `  ${printable(label, 80)}${size}`, tone: 'bold' },
    ...lines.map((line) => plain(`    ${line}`)),
    ...(more > 0 ? [dim(`    … ${more} more lines: --verbose`)] : []),
    ...(bytes.length > maxData ? [dim(`    … ${bytesText(bytes.length - maxData)} more: --max-data`)] : []),
  ]
}
