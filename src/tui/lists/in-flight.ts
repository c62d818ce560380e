import { unknownMark } from '../../cli/numbers.ts'
import type { LiveExchange } from '../../core/live-snapshot.ts'
import { counted, countFigure, durationFigure, rateFigure, usdFigure } from '../figures.ts'
import { type Span, span } from '../lines.ts'
import type { ShownExchange } from '../state.ts'
import { list } from '../table/list-spec.ts'
import type { Style } from '../theme.ts'
import { ttftTone } from '../theme.ts'
import {
  ageFigure,
  figure,
  idText,
  modelText,
  named,
  plainWords,
  routeText,
  sessionText,
  showCommand,
} from '../words.ts'

const troubled: readonly ShownExchange['state'][] = ['stalled', 'client_slow', 'retrying']

const stateStyles: Readonly<Partial<Record<ShownExchange['state'], Style>>> = {
  streaming: 'good',
  stalled: 'bad',
  client_slow: 'warn',
  retrying: 'warn',
  queued: 'warn',
  draining: 'muted',
}

export const inFlight = list<ShownExchange>({
  name: 'in_flight',
  title: 'In flight',
  rows: ({ snapshot, fading }) => withFading(snapshot?.in_flight ?? [], fading),
  total: ({ snapshot }) => snapshot?.in_flight_total ?? 0,
  id: ({ id }) => id,
  isFading: ({ state }) => state === 'ended',
  isTrouble: (row) => isExchangeTrouble(row),
  command: ({ id }) => showCommand(id),
  order: { words: 'age', title: 'AGE' },
  isFiltered: true,
  empty: 'nothing is in flight',
  texts: (row) => ({
    ...{ id: row.id, model: row.model ?? row.requested_model, backend: row.backend, app: row.client_app },
    ...{ session: row.session_id, user: row.proxy_user, frontend: row.frontend },
    ...{ state: row.state, waits: row.waiting_for },
  }),
  numbers: (row) => ({
    ...{ age: row.age_ms, ttft: row.ttft_ms, out_tokens: row.output_tokens, tps: row.tps },
    ...{ cost: row.cost_usd, turn: row.turn_number, attempts: row.attempt },
  }),
  columns: [
    { title: 'ID', width: 12, dropOrder: 3, cell: ({ id }) => span(idText(id)) },
    {
      ...{ title: 'AGE', width: 5, align: 'right' },
      cell: ({ age_ms }) => span(ageFigure(age_ms)),
      sort: { name: 'age', key: ({ age_ms }) => age_ms },
    },
    {
      ...{ title: 'STATE', width: 11 },
      cell: stateCell,
      sort: { name: 'state', key: ({ state }) => state, ascends: true },
    },
    { title: 'WAITS FOR', width: 13, dropOrder: 1, cell: waitsCell },
    {
      ...{ title: 'CLIENT', width: 11, widest: 13, dropOrder: 4 },
      cell: ({ client_app }) => named(client_app),
      sort: { name: 'client', key: ({ client_app }) => client_app, ascends: true },
    },
    {
      ...{ title: 'SESSION', width: 13, widest: 17, dropOrder: 6 },
      cell: ({ session_id, turn_number }) => {
        if (session_id === null) return named(null)
        return span(`${sessionText(session_id)}${turn_number === null ? '' : ` turn ${turn_number}`}`)
      },
      sort: { name: 'session', key: ({ session_id }) => session_id, ascends: true },
    },
    { title: 'USER', width: 8, widest: 12, dropOrder: 8, cell: ({ proxy_user }) => named(proxy_user) },
    {
      ...{ title: 'MODEL → BACKEND', width: 19, widest: 48 },
      cell: (row) =>
        span(`${row.replaced ? '⇄ ' : ''}${routeText(row.model, row.requested_model, row.backend)}`),
      sort: { name: 'model', key: ({ model, requested_model }) => model ?? requested_model, ascends: true },
    },
    {
      ...{ title: 'ASKED FOR', width: 14, widest: 24, dropOrder: 9 },
      cell: ({ requested_model }) => named(requested_model === null ? null : modelText(requested_model)),
    },
    {
      ...{ title: 'OUT', width: 6, align: 'right' },
      cell: ({ output_tokens }) => figure(counted(countFigure(output_tokens))),
      sort: { name: 'output', key: ({ output_tokens }) => output_tokens },
    },
    {
      ...{ title: 'TOK/S', width: 6, align: 'right', dropOrder: 2 },
      cell: ({ tps }) => figure(rateFigure(tps)),
      sort: { name: 'tok/s', key: ({ tps }) => tps },
    },
    {
      ...{ title: 'TTFT', width: 5, align: 'right', dropOrder: 5 },
      cell: ({ ttft_ms }) => figure(durationFigure(ttft_ms), ttftTone(ttft_ms)),
      sort: { name: 'ttft', key: ({ ttft_ms }) => ttft_ms },
    },
    {
      ...{ title: 'COST', width: 7, align: 'right' },
      cell: ({ cost_usd }) => figure(counted(usdFigure(cost_usd))),
      sort: { name: 'cost', key: ({ cost_usd }) => cost_usd },
    },
  ],
})

function isExchangeTrouble({ state }: ShownExchange): boolean {
  return troubled.includes(state)
}

/** `retry 2/3`, `client slow` */
export function stateCell({ state, attempt, attempts }: ShownExchange): Span {
  const style = stateStyles[state]
  if (state === 'retrying') return span(`retry ${attempt}/${attempts}`, style)
  return span(plainWords(state), style)
}

/** For whom, and since when: what a person asks who sees nothing happen. */
function waitsCell({ waiting_for: who, state_ms, state }: ShownExchange): Span {
  if (state === 'streaming' || state === 'ended') return span(unknownMark, 'muted')
  return span(`${who} ${ageFigure(state_ms)}`)
}

/** What ended stays where it was: the oldest come first. */
function withFading(
  now: readonly LiveExchange[],
  fading: readonly ShownExchange[],
): readonly ShownExchange[] {
  return fading.length === 0 ? now : [...now, ...fading].toSorted((a, b) => (a.id < b.id ? -1 : 1))
}
