import type { LiveSession } from '../../core/live-snapshot.ts'
import { tokensFigure, usdFigure } from '../figures.ts'
import { type Span, span } from '../lines.ts'
import { list } from '../table/list-spec.ts'
import { glyphs } from '../theme.ts'
import { ageFigure, figure, named, plainWords, recentCommand, sessionText } from '../words.ts'

export const sessions = list<LiveSession>({
  name: 'sessions',
  title: 'Sessions',
  rows: ({ snapshot }) => snapshot?.sessions ?? [],
  total: ({ snapshot }) => snapshot?.sessions_total ?? 0,
  id: ({ id }) => id,
  isTrouble: ({ issues }) => issues > 0,
  command: ({ id }) => recentCommand('--session', id),
  order: { words: 'last heard of' },
  isFiltered: true,
  empty: 'no session so far',
  texts: (row) => ({ session: row.id, app: row.client_app }),
  numbers: (row) => ({ turns: row.turns, tokens: row.tokens, cost: row.cost_usd }),
  columns: [
    { title: 'SESSION', width: 8, cell: ({ id }) => span(sessionText(id)) },
    {
      ...{ title: 'CLIENT', width: 8, widest: 14, dropOrder: 3 },
      cell: ({ client_app }) => named(client_app),
      sort: { name: 'client', key: ({ client_app }) => client_app, ascends: true },
    },
    {
      ...{ title: 'TURNS', width: 6, align: 'right', dropOrder: 2 },
      cell: ({ turns }) => span(tokensFigure(turns)),
      sort: { name: 'turns', key: ({ turns }) => turns },
    },
    {
      ...{ title: 'TOK', width: 5, align: 'right', dropOrder: 4 },
      cell: ({ tokens }) => span(tokensFigure(tokens)),
      sort: { name: 'tokens', key: ({ tokens }) => tokens },
    },
    {
      ...{ title: 'COST', width: 6, align: 'right', dropOrder: 1 },
      cell: ({ cost_usd }) => figure(usdFigure(cost_usd)),
      sort: { name: 'cost', key: ({ cost_usd }) => cost_usd },
    },
    { title: 'NOW', width: 16, widest: 40, cell: doingCell },
    {
      ...{ title: 'SINCE', width: 5, align: 'right' },
      cell: (row) => figure(ageFigure(quietMs(row))),
      sort: { name: 'since', key: quietMs },
    },
    {
      ...{ title: 'ISSUES', width: 7, align: 'right', dropOrder: 5 },
      cell: ({ issues }) => (issues === 0 ? span('0', 'muted') : span(`${glyphs.issue} ${issues}`, 'warn')),
      sort: { name: 'issues', key: ({ issues }) => issues },
    },
  ],
})

/** What goes on in it: with us, or, after an answer that called tools, with the client. */
export function doingCell({ in_flight, client_runs, last_stop }: LiveSession): Span {
  if (in_flight > 0) return span(in_flight === 1 ? 'in flight' : `${in_flight} in flight`, 'good')
  if (client_runs.length > 0) return span(`client runs ${toolsText(client_runs)}`)
  const stop = last_stop === null || last_stop === 'stop' ? '' : ` (${plainWords(last_stop)})`
  return span(`quiet${stop}`, 'muted')
}

/** How long we have had nothing to do for it; null while we have, or always had. */
export function quietMs({ in_flight, last_end_ms_ago }: LiveSession): number | null {
  return in_flight > 0 ? null : last_end_ms_ago
}

function toolsText(tools: readonly string[]): string {
  const counts = new Map<string, number>()
  for (const tool of tools) counts.set(tool, (counts.get(tool) ?? 0) + 1)
  return [...counts].map(([tool, count]) => (count === 1 ? tool : `${tool} ×${count}`)).join(', ')
}
