import type {
  LiveBackend,
  LiveExchange,
  LiveIssue,
  LiveRecent,
  LiveSession,
  LiveSnapshot,
  Series,
} from '../../src/core/live-snapshot.ts'
import { initialState, type Size, type TopState } from '../../src/tui/state.ts'

export const atMs = Date.UTC(2026, 10, 23, 13, 4, 22)
const at = new Date(atMs).toISOString()
const none: Series = Array.from({ length: 60 }, () => null)

export function anExchange(changed: Partial<LiveExchange> = {}): LiveExchange {
  return {
    ...{
      id: 'x_1m8483bbgp00000000aa',
      age_ms: 64_000,
      state: 'streaming',
      state_ms: 63_000,
      waiting_for: 'backend',
    },
    ...{
      frontend: 'anthropic-messages',
      client_app: 'claude-code',
      proxy_user: null,
      session_id: 's41c-long-id',
    },
    ...{ turn_number: 18, requested_model: 'claude-sonnet-4-5', backend: 'anthropic' },
    ...{ model: 'claude-sonnet-4-5-20250929', attempt: 1, attempts: 1, output_tokens: 4_812, tps: 78.2 },
    ...{ ttft_ms: 412, cost_usd: 0.0912, replaced: false },
    ...changed,
  }
}

export function aRecent(changed: Partial<LiveRecent> = {}): LiveRecent {
  return {
    ...{
      id: 'x_1m84830000000000000b',
      at,
      status: 200,
      outcome: 'complete',
      incomplete_reason: null,
      error: null,
    },
    ...{
      frontend: 'openai-chat',
      client_app: 'aider',
      session_id: 's77e',
      turn_number: 3,
      call_purpose: 'chat',
    },
    ...{ requested_model: 'gpt-5', backend: 'openai', model: 'gpt-5', attempts: 1, prompt_tokens: 48_210 },
    ...{
      completion_tokens: 1_204,
      cached_tokens: 44_400,
      tokens_reported: true,
      ttft_ms: 400,
      duration_ms: 14_200,
    },
    ...{ cost_usd: 0.091, replacement: null, issue: null },
    ...changed,
  }
}

export function aSession(changed: Partial<LiveSession> = {}): LiveSession {
  return {
    ...{
      id: 's41c-long-id',
      client_app: 'claude-code',
      turns: 19,
      tokens: 1_234_000,
      cost_usd: 4.1,
      in_flight: 0,
    },
    ...{ last_end_ms_ago: 100_000, last_stop: 'tool', client_runs: ['Bash'], issues: 0 },
    ...changed,
  }
}

export function anIssue(changed: Partial<LiveIssue> = {}): LiveIssue {
  return {
    ...{ code: 'tool_loop', severity: 'warn', fault: 'client', exchange_id: 'x_1m8483bbgp00000000aa' },
    ...{
      session_id: 's41c-long-id',
      at: new Date(atMs - 60_000).toISOString(),
      description: 'Bash was called 4 times',
    },
    ...changed,
  }
}

export function aBackend(changed: Partial<LiveBackend> = {}): LiveBackend {
  return {
    ...{
      name: 'anthropic',
      backend_type: 'anthropic',
      state: 'ok',
      reason: null,
      retry_at: null,
      circuit_history: [],
      in_flight: 1,
    },
    ...{ queued: 0, quota: null, requests_per_second: 2.1, requests: 630, errors: 0, error_ratio: 0 },
    ...{ ttft_ms: { p50: 380, p95: 1_600 }, tokens_out_per_second: 910, usd_per_hour: 2.1, last_error: null },
    ...changed,
  }
}

export function aSnapshot(changed: Partial<LiveSnapshot> = {}): LiveSnapshot {
  const percentiles = { p50: 410, p95: 1_900, p99: 4_000, count: 251, series: { p50: none, p95: none } }
  const inFlight = changed.in_flight ?? [anExchange()]
  const sessions = changed.sessions ?? [aSession()]
  const issues = changed.issues ?? [anIssue()]
  return {
    ...{ version: '0.1.0', at, uptime_seconds: 11_520, draining: false },
    windows: { rate_seconds: 10, window_seconds: 300, step_seconds: 5, steps: 60 },
    traffic: {
      ...{ requests_per_second: 4.2, tokens_in_per_second: 1_500, tokens_out_per_second: 400, requests: 251 },
      ...{ errors: 3, error_ratio: 3 / 251, peak_requests_per_second: 9.1 },
      series: { requests_per_second: none, tokens_per_second: none, error_ratio: none },
    },
    latency: { ttft_ms: percentiles, duration_ms: percentiles, overhead_ms: percentiles },
    cost: {
      ...{ usd_per_hour: 3.82, usd_today: 21.4, unpriced: 0, cache_ratio: 0.61, cache_saved_usd: 9.1 },
      series: { usd: none },
    },
    ...{ backends: [aBackend()], in_flight_total: inFlight.length, in_flight: inFlight, recent: [aRecent()] },
    ...{ sessions_total: sessions.length, sessions, issues_total: issues.length, issues },
    ...changed,
  }
}

/** Nothing has happened so far. */
export function aQuietSnapshot(): LiveSnapshot {
  const snapshot = aSnapshot({ in_flight: [], recent: [], sessions: [], issues: [] })
  return { ...snapshot, traffic: { ...snapshot.traffic, requests: 0, errors: 0, error_ratio: null } }
}

export function aState(
  snapshot: LiveSnapshot | null = aSnapshot(),
  size: Size = { columns: 120, rows: 30 },
): TopState {
  return initialState({
    ...{ label: '127.0.0.1:8000', isDemo: false, size, nowMs: atMs, intervalMs: 1_000, snapshot },
    connectLines: [
      {
        ...{ title: 'Claude Code', command: 'llmproxy connect claude' },
        line: 'export ANTHROPIC_BASE_URL=http://127.0.0.1:8000; export ANTHROPIC_AUTH_TOKEN=llmproxy',
      },
    ],
  })
}
