import type { ExchangeRow } from '../../../capture/inspect/exchange-row.ts'
import { printable } from '../../../core/printable.ts'
import { durationText, tokensText, unknownMark } from '../../numbers.ts'
import type { LineColumn } from './line-columns.ts'
import { clockText, nameText } from './shown.ts'

const idShown = 14

/** An exchange a line. What is wrong with it stays in the narrowest terminal. */
export const exchangeColumns: readonly LineColumn<ExchangeRow>[] = [
  { title: '#', width: 5, align: 'right', value: ({ number }) => String(number), dropOrder: 5 },
  { title: 'TIME', width: 8, value: ({ openedAtNs }) => clockText(openedAtNs, 0) },
  { title: 'APP', width: 12, value: ({ app }) => nameText(app, 20), dropOrder: 8 },
  { title: 'MODEL', width: 20, value: ({ model }) => nameText(model, 32), leastWidth: 12 },
  { title: 'BACKEND', width: 12, value: ({ backend }) => nameText(backend, 24), dropOrder: 4 },
  { title: 'STATUS', width: 6, align: 'right', value: ({ status }) => String(status ?? unknownMark) },
  { title: 'IN', width: 6, align: 'right', value: ({ inTokens }) => tokens(inTokens), dropOrder: 7 },
  { title: 'OUT', width: 6, align: 'right', value: ({ outTokens }) => tokens(outTokens), dropOrder: 7 },
  { title: 'TTFT', width: 8, align: 'right', value: ({ ttftMs }) => durationText(ttftMs), dropOrder: 6 },
  { title: 'TOOK', width: 8, align: 'right', value: ({ durationMs }) => durationText(durationMs) },
  { title: 'ID', width: idShown, value: ({ id }) => printable(id).slice(0, idShown) },
  { title: 'WHAT', width: 16, value: whatText, isLast: true, leastWidth: 20 },
]

/** How it ended where not well, and the worst of what was found in it. */
function whatText({ outcome, reason, error, attempts, issues }: ExchangeRow): string {
  const end =
    outcome === null
      ? 'open'
      : outcome === 'complete'
        ? ''
        : [outcome, reason ?? error].filter(Boolean).join(': ')
  const retries = attempts > 1 ? `${attempts} attempts` : ''
  const [worst] = issues.filter(({ severity }) => severity === 'error' || severity === 'warn')
  const found = worst ? `! ${worst.code}${issues.length > 1 ? ` +${issues.length - 1}` : ''}` : ''
  return printable([end, retries, found].filter(Boolean).join(', '), 60)
}

function tokens(count: number | null): string {
  return count === null ? unknownMark : tokensText(count)
}
