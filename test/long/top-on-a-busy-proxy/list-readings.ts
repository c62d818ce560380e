import type {
  LiveBackend,
  LiveExchange,
  LiveIssue,
  LiveRecent,
  LiveSession,
} from '../../../src/core/live-snapshot.ts'
import { readsAs, readsAsAge, readsAsCounted } from './reads-as.ts'
import type { ScreenColumn } from './screen.ts'

/** A column, and whether what a cell of it says is what the proxy told of that row at a time. */
export interface Reading<Row> extends ScreenColumn {
  isRight: (cell: string, row: Row, atMs: number) => boolean
}

/** One in flight, or one that was a refresh ago and is no more. */
export type Running = Omit<LiveExchange, 'state'> & { state: LiveExchange['state'] | 'ended' }

const right = { align: 'right' } as const

/** Texts that have no room end with an ellipsis. */
function says(cell: string, text: string | null): boolean {
  if (text === null) return cell === '—'
  return cell.endsWith('…') ? text.startsWith(cell.slice(0, -1)) : cell === text
}

/** A model without its date. */
const modelName = (model: string | null) => model?.replace(/-20\d{6}$/, '') ?? null
const words = (code: string) => code.split('_').join(' ')
const clock = (at: string) => at.slice(11, 19)
const msUntil = (at: string | null, atMs: number) => (at === null ? null : Date.parse(at) - atMs)
/** Of ids that the proxy made the end: their beginnings are the time. */
const session8 = (id: string | null) =>
  id?.replace(/^s_[0-9a-z]{14}(?=[0-9a-z]{6}$)/, 's_').slice(0, 8) ?? null

export const inFlightReadings: readonly Reading<Running>[] = [
  { title: 'ID', isRight: (cell, { id }) => cell === id.slice(0, 12) },
  { title: 'AGE', ...right, isRight: (cell, { age_ms }) => readsAsAge(cell, age_ms) },
  {
    title: 'STATE',
    isRight: (cell, { state, attempt, attempts }) =>
      cell === (state === 'retrying' ? `retry ${attempt}/${attempts}` : words(state)),
  },
  {
    title: 'WAITS FOR',
    isRight(cell, { state, waiting_for, state_ms }) {
      if (state === 'streaming' || state === 'ended') return cell === '—'
      const [who, age = ''] = cell.split(' ')
      return who === waiting_for && readsAsAge(age, state_ms)
    },
  },
  { title: 'CLIENT', isRight: (cell, { client_app }) => says(cell, client_app) },
  {
    title: 'SESSION',
    isRight: (cell, { session_id, turn_number }) =>
      says(cell, session_id && `${session8(session_id)} turn ${turn_number}`),
  },
  { title: 'USER', isRight: (cell, { proxy_user }) => says(cell, proxy_user) },
  {
    title: 'MODEL → BACKEND',
    isRight: (cell, { model, requested_model, backend }) =>
      says(cell, `${modelName(model ?? requested_model) ?? '—'}${backend === null ? '' : ` → ${backend}`}`),
  },
  { title: 'ASKED FOR', isRight: (cell, { requested_model }) => says(cell, modelName(requested_model)) },
  { title: 'OUT', ...right, isRight: (cell, { output_tokens }) => readsAsCounted(cell, output_tokens) },
  { title: 'TOK/S', ...right, isRight: (cell, { tps }) => readsAs(cell, tps) },
  { title: 'TTFT', ...right, isRight: (cell, { ttft_ms }) => readsAs(cell, ttft_ms) },
  { title: 'COST', ...right, isRight: (cell, { cost_usd }) => readsAsCounted(cell, cost_usd) },
]

export const recentReadings: readonly Reading<LiveRecent>[] = [
  { title: 'TIME', isRight: (cell, { at }) => cell === clock(at) },
  { title: 'ST', ...right, isRight: (cell, { status }) => cell === String(status ?? '—') },
  { title: 'ID', isRight: (cell, { id }) => cell === id.slice(0, 12) },
  { title: 'CLIENT', isRight: (cell, { client_app }) => says(cell, client_app) },
  { title: 'SESSION', isRight: (cell, { session_id }) => says(cell, session8(session_id)) },
  { title: 'MODEL', isRight: (cell, row) => says(cell, modelName(row.model ?? row.requested_model)) },
  { title: 'BACKEND', isRight: (cell, { backend }) => says(cell, backend) },
  {
    ...{ title: 'IN', ...right },
    isRight: (cell, row) => readsAsCounted(cell, row.prompt_tokens, !row.tokens_reported),
  },
  {
    ...{ title: 'OUT', ...right },
    isRight: (cell, row) => readsAsCounted(cell, row.completion_tokens, !row.tokens_reported),
  },
  {
    ...{ title: 'CACHE', ...right },
    isRight: (cell, { cached_tokens: cached, prompt_tokens: prompt }) =>
      readsAs(cell, cached === null || !prompt ? null : cached / prompt),
  },
  { title: 'TTFT', ...right, isRight: (cell, { ttft_ms }) => readsAs(cell, ttft_ms) },
  { title: 'TOTAL', ...right, isRight: (cell, { duration_ms }) => readsAs(cell, duration_ms) },
  { title: 'COST', ...right, isRight: (cell, { cost_usd }) => readsAs(cell, cost_usd) },
  { title: 'ISSUE', isRight: (cell, row) => says(cell, whatHappened(row)) },
]

function whatHappened(row: LiveRecent): string {
  if (row.incomplete_reason === 'client_disconnect') return 'client left'
  if (row.issue !== null) return `▲ ${words(row.issue)}`
  if (row.error !== null) return `✖ ${words(row.error)}`
  if (row.outcome !== 'complete') return `✖ ${words(row.incomplete_reason ?? row.outcome)}`
  return row.attempts > 1 ? `→ ${row.backend}` : ''
}

export const sessionReadings: readonly Reading<LiveSession>[] = [
  { title: 'SESSION', isRight: (cell, { id }) => cell === session8(id) },
  { title: 'CLIENT', isRight: (cell, { client_app }) => says(cell, client_app) },
  { title: 'TURNS', ...right, isRight: (cell, { turns }) => readsAs(cell, turns) },
  { title: 'TOK', ...right, isRight: (cell, { tokens }) => readsAs(cell, tokens) },
  { title: 'COST', ...right, isRight: (cell, { cost_usd }) => readsAs(cell, cost_usd) },
  { title: 'NOW', isRight: (cell, row) => says(cell, whatItDoes(row)) },
  {
    ...{ title: 'SINCE', ...right },
    isRight: (cell, row) => readsAsAge(cell, row.in_flight > 0 ? null : row.last_end_ms_ago),
  },
  {
    ...{ title: 'ISSUES', ...right },
    // The sign stands before the number, with a space.
    isRight: (cell, { issues }) => cell === String(issues),
  },
]

function whatItDoes({ in_flight: open, client_runs: tools, last_stop: stop }: LiveSession): string {
  if (open > 0) return open === 1 ? 'in flight' : `${open} in flight`
  if (tools.length > 0) return `client runs ${tools.join(', ')}`
  return stop === null || stop === 'stop' ? 'quiet' : `quiet (${words(stop)})`
}

export const issueReadings: readonly Reading<LiveIssue>[] = [
  {
    title: 'AGO',
    ...right,
    isRight: (cell, { at }, atMs) => readsAsAge(cell, at === null ? null : atMs - Date.parse(at)),
  },
  { title: 'ISSUE', isRight: (cell, { code }) => says(cell, words(code)) },
  { title: 'FAULT', isRight: (cell, { fault }) => says(cell, fault) },
  { title: 'SESSION', isRight: (cell, { session_id }) => says(cell, session8(session_id)) },
  { title: 'EXCHANGE', isRight: (cell, { exchange_id: id }) => says(cell, id?.slice(0, 12) ?? null) },
  { title: 'WHAT', isRight: (cell, { description }) => says(cell, description) },
]

export const backendReadings: readonly Reading<LiveBackend>[] = [
  { title: 'BACKEND', isRight: (cell, { name }) => says(cell, name) },
  {
    title: 'STATE',
    isRight(cell, { state, retry_at }, atMs) {
      const [, name = '', until = ''] = /^(.*?)(?: (now|\d\S*))?$/.exec(cell) ?? []
      if (
        name.replace('half-open', 'half_open') !==
        state.replaceAll('_', ' ').replace('half open', 'half_open')
      )
        return false
      const ms = state === 'ok' ? null : msUntil(retry_at, atMs)
      if (ms === null) return until === ''
      // Seconds that have begun.
      return ms <= 0 ? until === 'now' : readsAsAge(until, ms + 999)
    },
  },
  { title: 'REQ/S', ...right, isRight: (cell, row) => readsAs(cell, row.requests_per_second) },
  {
    ...{ title: 'FLIGHT', ...right },
    isRight: (cell, { in_flight, queued }) =>
      cell === (queued > 0 ? `${in_flight}+${queued}q` : `${in_flight}`),
  },
  { title: 'TTFT p50', ...right, isRight: (cell, { ttft_ms }) => readsAs(cell, ttft_ms.p50) },
  { title: 'p95', ...right, isRight: (cell, { ttft_ms }) => readsAs(cell, ttft_ms.p95) },
  { title: 'ERR%', ...right, isRight: (cell, { error_ratio }) => readsAs(cell, error_ratio) },
  { title: 'TOK/S', ...right, isRight: (cell, row) => readsAs(cell, row.tokens_out_per_second) },
  { title: '$/H', ...right, isRight: (cell, { usd_per_hour }) => readsAs(cell, usd_per_hour) },
  {
    title: 'QUOTA',
    isRight(cell, { quota }) {
      const used = quota?.used_ratio ?? null
      if (used === null) return cell === '—'
      const [, bar = '', percent] = /^([▇░]{8}) +(\d+)%$/.exec(cell) ?? []
      // Rounded down: only what is used up is 100%.
      const isRounded = Number(percent) === Math.floor(used * 100 + 1e-9)
      return isRounded && bar.replaceAll('░', '').length === Math.round(Math.min(1, used) * 8)
    },
  },
  {
    title: 'LAST ERROR',
    isRight(cell, { last_error: last }, atMs) {
      if (last === null) return cell === ''
      const [, text = cell, age] = /^(.*), (\S+) ago$/.exec(cell) ?? []
      return says(text, last.text) && (age === undefined || readsAsAge(age, atMs - Date.parse(last.at)))
    },
  },
]
