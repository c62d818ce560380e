import { unknownMark } from '../../cli/numbers.ts'
import { clockText } from '../../cli/times.ts'
import type { LiveRecent } from '../../core/live-snapshot.ts'
import { counted, durationFigure, percentFigure, tokensFigure, usdFigure } from '../figures.ts'
import { type Span, span } from '../lines.ts'
import { list } from '../table/list-spec.ts'
import { glyphs, type Style, ttftTone } from '../theme.ts'
import {
  figure,
  idText,
  isRecentTrouble,
  modelText,
  named,
  plainWords,
  sessionText,
  showCommand,
} from '../words.ts'

export const recent = list<LiveRecent>({
  name: 'recent',
  title: 'Recent',
  rows: ({ snapshot }) => snapshot?.recent ?? [],
  total: ({ snapshot }) => snapshot?.recent.length ?? 0,
  id: ({ id }) => id,
  isTrouble: isRecentTrouble,
  command: ({ id }) => showCommand(id),
  order: { words: 'newest', title: 'TIME' },
  isFiltered: true,
  empty: 'nothing has ended so far',
  texts: (row) => ({
    ...{ id: row.id, model: row.model ?? row.requested_model, backend: row.backend, app: row.client_app },
    ...{ session: row.session_id, frontend: row.frontend, outcome: row.outcome, error: row.error },
    ...{ issue: row.issue, purpose: row.call_purpose },
  }),
  numbers: (row) => ({
    ...{ status: row.status, ttft: row.ttft_ms, duration: row.duration_ms, cost: row.cost_usd },
    ...{ in_tokens: row.prompt_tokens, out_tokens: row.completion_tokens, cached_tokens: row.cached_tokens },
    ...{ turn: row.turn_number, attempts: row.attempts },
  }),
  columns: [
    { title: 'TIME', width: 8, cell: ({ at }) => span(timeText(at)) },
    {
      ...{ title: 'ST', width: 3, align: 'right' },
      cell: (row) => figure(row.status === null ? unknownMark : String(row.status), endStyle(row)),
      sort: { name: 'status', key: ({ status }) => status },
    },
    { title: 'ID', width: 12, dropOrder: 7, cell: ({ id }) => span(idText(id)) },
    {
      ...{ title: 'CLIENT', width: 11, widest: 14, dropOrder: 6 },
      cell: ({ client_app }) => named(client_app),
      sort: { name: 'client', key: ({ client_app }) => client_app, ascends: true },
    },
    { title: 'SESSION', width: 8, dropOrder: 8, cell: ({ session_id }) => named(sessionText(session_id)) },
    {
      ...{ title: 'MODEL', width: 13, widest: 32 },
      cell: ({ model, requested_model }) => span(modelText(model ?? requested_model)),
      sort: { name: 'model', key: ({ model, requested_model }) => model ?? requested_model, ascends: true },
    },
    {
      ...{ title: 'BACKEND', width: 11, widest: 20, dropOrder: 5 },
      cell: ({ backend }) => named(backend),
      sort: { name: 'backend', key: ({ backend }) => backend, ascends: true },
    },
    {
      ...{ title: 'IN', width: 6, align: 'right' },
      cell: (row) => tokensCell(row.prompt_tokens, row),
      sort: { name: 'input', key: ({ prompt_tokens }) => prompt_tokens },
    },
    {
      ...{ title: 'OUT', width: 6, align: 'right' },
      cell: (row) => tokensCell(row.completion_tokens, row),
      sort: { name: 'output', key: ({ completion_tokens }) => completion_tokens },
    },
    {
      title: 'CACHE',
      width: 5,
      align: 'right',
      dropOrder: 4,
      cell: (row) => figure(percentFigure(cachedRatio(row))),
    },
    {
      ...{ title: 'TTFT', width: 5, align: 'right', dropOrder: 2 },
      cell: ({ ttft_ms }) => figure(durationFigure(ttft_ms), ttftTone(ttft_ms)),
      sort: { name: 'ttft', key: ({ ttft_ms }) => ttft_ms },
    },
    {
      ...{ title: 'TOTAL', width: 5, align: 'right' },
      cell: ({ duration_ms }) => span(durationFigure(duration_ms)),
      sort: { name: 'duration', key: ({ duration_ms }) => duration_ms },
    },
    {
      ...{ title: 'COST', width: 6, align: 'right', dropOrder: 3 },
      cell: ({ cost_usd }) => figure(usdFigure(cost_usd)),
      sort: { name: 'cost', key: ({ cost_usd }) => cost_usd },
    },
    { title: 'ISSUE', width: 14, widest: 40, cell: noteCell },
  ],
})

export function tokensCell(tokens: number | null, { tokens_reported }: LiveRecent): Span {
  const text = tokensFigure(tokens)
  return figure(tokens_reported ? text : counted(text))
}

/** What happened to it, the worst first. */
export function noteCell(row: LiveRecent): Span {
  if (row.incomplete_reason === 'client_disconnect') return span('client left', 'muted')
  if (row.issue !== null) return span(`${glyphs.issue} ${plainWords(row.issue)}`, 'warn')
  const bad = row.error ?? (row.outcome === 'complete' ? null : (row.incomplete_reason ?? row.outcome))
  if (bad !== null) return span(`${glyphs.bad} ${plainWords(bad)}`, 'bad')
  if (row.attempts > 1) return span(`→ ${row.backend ?? unknownMark}`, 'warn')
  if (row.replacement === 'replaced') return span(`⇄ for ${modelText(row.requested_model)}`)
  return span('')
}

function endStyle(row: LiveRecent): Style | null {
  if (row.outcome === 'error' || row.outcome === 'rejected') return 'bad'
  return row.outcome === 'incomplete' ? 'warn' : null
}

export function cachedRatio({ cached_tokens: cached, prompt_tokens: prompt }: LiveRecent): number | null {
  return cached === null || prompt === null || prompt === 0 ? null : cached / prompt
}

export function timeText(at: string): string {
  const ms = Date.parse(at)
  return Number.isNaN(ms) ? unknownMark : clockText(ms)
}
