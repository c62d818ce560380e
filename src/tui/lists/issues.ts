import { unknownMark } from '../../cli/numbers.ts'
import type { LiveIssue } from '../../core/live-snapshot.ts'
import { span } from '../lines.ts'
import { list } from '../table/list-spec.ts'
import { glyphs, severityTone } from '../theme.ts'
import { agoText, idText, named, plainWords, recentCommand, sessionText, showCommand } from '../words.ts'

export const issues = list<LiveIssue>({
  name: 'issues',
  title: 'Issues',
  rows: ({ snapshot }) => snapshot?.issues ?? [],
  total: ({ snapshot }) => snapshot?.issues_total ?? 0,
  id: issueId,
  isTrouble: ({ severity }) => severity === 'warn' || severity === 'error',
  command: ({ exchange_id, session_id }) => {
    if (exchange_id !== null) return showCommand(exchange_id)
    return session_id === null ? null : recentCommand('--session', session_id)
  },
  order: { words: 'newest', title: 'AGO' },
  isFiltered: true,
  empty: 'no issue seen',
  texts: (row) => ({ id: row.exchange_id, session: row.session_id, issue: row.code, fault: row.fault }),
  numbers: () => ({}),
  columns: [
    {
      ...{ title: ' ', width: 1 },
      cell: ({ severity }) => {
        const tone = severityTone(severity)
        return span(tone === 'bad' ? glyphs.bad : tone === 'warn' ? glyphs.issue : '·', tone)
      },
    },
    { title: 'AGO', width: 5, align: 'right', cell: ({ at }, atMs) => named(agoText(at, atMs)) },
    {
      ...{ title: 'ISSUE', width: 18, widest: 26 },
      cell: ({ code }) => span(plainWords(code)),
      sort: { name: 'issue', key: ({ code }) => code, ascends: true },
    },
    {
      ...{ title: 'FAULT', width: 7, dropOrder: 2 },
      cell: ({ fault }) => span(fault ?? unknownMark, fault === null ? 'muted' : null),
      sort: { name: 'fault', key: ({ fault }) => fault, ascends: true },
    },
    {
      title: 'SESSION',
      width: 8,
      dropOrder: 4,
      cell: ({ session_id }) => named(session_id && sessionText(session_id)),
    },
    {
      ...{ title: 'EXCHANGE', width: 12, dropOrder: 3 },
      cell: ({ exchange_id }) => named(exchange_id && idText(exchange_id)),
    },
    { title: 'WHAT', width: 20, widest: 120, dropOrder: 1, cell: ({ description }) => span(description) },
  ],
})

/** Issues have no id of their own. */
export function issueId({ code, exchange_id, session_id, at }: LiveIssue): string {
  return [code, exchange_id ?? session_id ?? '', at ?? ''].join(' ')
}
