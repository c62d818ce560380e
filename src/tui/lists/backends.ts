import { unknownMark } from '../../cli/numbers.ts'
import { backendTone } from '../../cli/tone.ts'
import type { LiveBackend } from '../../core/live-snapshot.ts'
import { durationFigure, percentFigure, rateFigure, usdFigure } from '../figures.ts'
import { type Span, span } from '../lines.ts'
import { ratioBar } from '../sparkline.ts'
import { list } from '../table/list-spec.ts'
import { errorTone, glyphs, ttftTone } from '../theme.ts'
import { agoText, figure, plainWords, recentCommand, untilText } from '../words.ts'

export const backends = list<LiveBackend>({
  name: 'backends',
  title: 'Backends',
  rows: ({ snapshot }) => snapshot?.backends ?? [],
  total: ({ snapshot }) => snapshot?.backends.length ?? 0,
  id: ({ name }) => name,
  isTrouble: ({ state }) => isBackendTrouble(state),
  command: ({ name }) => recentCommand('--backend', name),
  order: { words: 'as configured' },
  isFiltered: false,
  empty: 'no backend is known so far',
  texts: (row) => ({ backend: row.name, state: row.state }),
  numbers: (row) => ({ ttft: row.ttft_ms.p50, cost: row.usd_per_hour }),
  columns: [
    { title: ' ', width: 1, cell: ({ state }) => span(glyphs[backendTone(state)], backendTone(state)) },
    {
      ...{ title: 'BACKEND', width: 12, widest: 20 },
      cell: ({ name }) => span(name),
      sort: { name: 'name', key: ({ name }) => name, ascends: true },
    },
    {
      ...{ title: 'STATE', width: 14 },
      cell: backendStateCell,
      sort: { name: 'state', key: ({ state }) => state, ascends: true },
    },
    {
      ...{ title: 'REQ/S', width: 6, align: 'right', dropOrder: 3 },
      cell: ({ requests_per_second: rate }) => span(rateFigure(rate), rate === 0 ? 'muted' : null),
      sort: { name: 'req/s', key: ({ requests_per_second }) => requests_per_second },
    },
    {
      ...{ title: 'FLIGHT', width: 7, align: 'right' },
      cell: ({ in_flight, queued }) => {
        return span(
          queued > 0 ? `${in_flight}+${queued}q` : String(in_flight),
          in_flight + queued === 0 ? 'muted' : null,
        )
      },
      sort: { name: 'in flight', key: ({ in_flight }) => in_flight },
    },
    {
      ...{ title: 'TTFT p50', width: 9, align: 'right' },
      cell: ({ ttft_ms: { p50 } }) => figure(durationFigure(p50), ttftTone(p50)),
      sort: { name: 'ttft', key: ({ ttft_ms }) => ttft_ms.p50 },
    },
    {
      ...{ title: 'p95', width: 5, align: 'right' },
      cell: ({ ttft_ms: { p95 } }) => figure(durationFigure(p95), ttftTone(p95)),
      sort: { name: 'p95', key: ({ ttft_ms }) => ttft_ms.p95 },
    },
    {
      ...{ title: 'ERR%', width: 5, align: 'right' },
      cell: ({ error_ratio }) => figure(percentFigure(error_ratio), errorTone(error_ratio)),
      sort: { name: 'errors', key: ({ error_ratio }) => error_ratio },
    },
    {
      ...{ title: 'TOK/S', width: 6, align: 'right', dropOrder: 4 },
      cell: ({ tokens_out_per_second: rate }) => span(rateFigure(rate), rate === 0 ? 'muted' : null),
      sort: { name: 'tok/s', key: ({ tokens_out_per_second }) => tokens_out_per_second },
    },
    {
      ...{ title: '$/H', width: 6, align: 'right' },
      cell: ({ usd_per_hour }) => figure(usdFigure(usd_per_hour)),
      sort: { name: '$/h', key: ({ usd_per_hour }) => usd_per_hour },
    },
    {
      ...{ title: 'QUOTA', width: 13, dropOrder: 5 },
      cell: quotaCell,
      sort: { name: 'quota', key: ({ quota }) => quota?.used_ratio ?? null },
    },
    { title: 'LAST ERROR', width: 14, widest: 60, dropOrder: 6, cell: lastErrorCell },
  ],
})

function isBackendTrouble(state: string): boolean {
  return state !== 'ok'
}

/** `open 24s`: until it is tried again. */
export function backendStateCell({ state, retry_at }: LiveBackend, atMs: number): Span {
  const until = state === 'ok' ? null : untilText(retry_at, atMs)
  const words = state === 'half_open' ? 'half-open' : plainWords(state)
  return span(until === null ? words : `${words} ${until}`, state === 'ok' ? null : backendTone(state))
}

/** Rounded down: only what is used up is 100%. */
export function quotaCell({ quota }: LiveBackend): Span {
  if (quota === null || quota.used_ratio === null) return span(unknownMark, 'muted')
  const { used_ratio: used } = quota
  const percent = `${Math.floor(Math.max(0, used) * 100 + 1e-9)}%`.padStart(4)
  const style = used >= 1 ? 'bad' : used >= 0.9 ? 'warn' : null
  return span(`${ratioBar(used)} ${percent}`, style)
}

function lastErrorCell({ last_error }: LiveBackend, atMs: number): Span {
  if (last_error === null) return span('')
  return span(`${last_error.text}, ${agoText(last_error.at, atMs)} ago`, 'muted')
}
