/** A time of those days by the clock here, so that what is shown is the same in every zone. */
export function clock(time: string, day = 23): string {
  const [hours = 0, minutes = 0, seconds = 0] = time.split(':').map(Number)
  return new Date(2026, 10, day, hours, minutes, seconds).toISOString()
}

/** When the answers below were given. */
export const answeredAt = clock('13:04:05')

type Fields = Record<string, unknown>

/** An answer of `GET /internal/health` as `spec/http-api.md` has it: all well, two backends. */
export function anAnswer(changed: Fields = {}, health: Fields = {}): Fields {
  return {
    status: 'ok',
    version: '0.1.0',
    uptime_seconds: 11_525,
    endpoint_health: {
      enabled: true,
      summary: { total_endpoints: 2, healthy_endpoints: 2, unhealthy_endpoints: 0 },
      endpoints: [
        anEndpoint(),
        anEndpoint({ api_url: 'https://api.openai.com/v1', backends_using_url: ['openai'] }),
      ],
      backends: [aBackend(), aBackend({ name: 'openai', backend_type: 'openai', in_flight: 0 })],
      ...health,
    },
    fallback_used_total: 0,
    usage: {
      store: 'sqlite',
      path: '/home/ann/.llmproxy/usage.db',
      writable: true,
      last_write: clock('13:04:00'),
      pending_records: 0,
      dropped_records: 0,
      archived_records: 0,
      last_error: null,
      drifting: [],
    },
    capture: { mode: 'off', file: null, bytes: 0, dropped_records: 0, last_error: null },
    config: {
      file: '/home/ann/.llmproxy/config.yaml',
      loaded_at: clock('09:52:00'),
      last_error: null,
    },
    monitors_off: [],
    ...changed,
  }
}

export function anEndpoint(changed: Fields = {}): Fields {
  return {
    api_url: 'https://api.anthropic.com',
    is_healthy: true,
    ping_check_success: true,
    http_check_success: true,
    last_ping_check_timestamp: clock('13:03:53'),
    last_http_check_timestamp: clock('13:03:21'),
    last_successful_ping_timestamp: clock('13:03:53'),
    last_successful_http_timestamp: clock('13:03:21'),
    consecutive_ping_failures: 0,
    consecutive_http_failures: 0,
    last_ping_latency_ms: 11.62,
    last_http_latency_ms: 84.2,
    last_http_status_code: 404,
    last_ping_error: null,
    last_http_error: null,
    ping_available: true,
    last_traffic_success_timestamp: clock('13:04:01'),
    backends_using_url: ['anthropic'],
    ...changed,
  }
}

export function aBackend(changed: Fields = {}): Fields {
  return {
    name: 'anthropic',
    backend_type: 'anthropic',
    api_url: 'https://api.anthropic.com',
    credentials: 'client',
    state: 'ok',
    reason: null,
    is_endpoint_healthy: true,
    consecutive_failures: 0,
    opened_at: null,
    retry_at: null,
    circuit_history: [],
    in_flight: 3,
    queued: 0,
    quota: [],
    ...changed,
  }
}

/** A backend in each state there is, endpoints up, down and unchecked, and something wrong with everything else. */
export function aBadDay(): Fields {
  const quota = (name: string, used_ratio: number | null, resets_at: string | null, more: Fields = {}) => ({
    ...{ name, limit: null, remaining: null, used_ratio, resets_at, ...more },
  })
  return anAnswer(
    {
      status: 'degraded',
      fallback_used_total: 3,
      usage: {
        ...{ store: 'sqlite', path: '/srv/usage.db', writable: false, last_write: null },
        ...{ pending_records: 1_204, dropped_records: 12, archived_records: 0 },
        last_error: 'SQLITE_FULL: database or disk is full',
      },
      config: {
        ...{ file: '/etc/llmproxy.yaml', loaded_at: clock('09:52:00') },
        last_error: 'backends.openai.api_url: is no URL (line 12)',
      },
    },
    {
      summary: { total_endpoints: 4, healthy_endpoints: 3, unhealthy_endpoints: 1 },
      endpoints: [
        anEndpoint({ backends_using_url: ['anthropic', 'anthropic.team'] }),
        anEndpoint({
          ...{ api_url: 'https://api.openai.com/v1', backends_using_url: ['openai.us'] },
          ...{
            ping_check_success: false,
            consecutive_ping_failures: 381,
            last_ping_error: 'no answer within 5 s',
          },
          ...{ last_ping_latency_ms: null, last_http_latency_ms: 1_204.4, last_http_status_code: 401 },
        }),
        anEndpoint({
          ...{ api_url: 'https://eu.example.com:8443/v1', backends_using_url: ['openai.eu', 'reserve'] },
          ...{ is_healthy: false, ping_check_success: false, http_check_success: false },
          ...{ consecutive_ping_failures: 4, consecutive_http_failures: 2, last_ping_latency_ms: null },
          ...{ last_http_latency_ms: null, last_http_status_code: null },
          ...{
            last_ping_error: 'no answer within 5 s',
            last_http_error: 'connect ECONNREFUSED 192.0.2.7:8443',
          },
        }),
        anEndpoint({
          ...{ api_url: 'http://127.0.0.1:11434/v1', backends_using_url: ['ollama'] },
          ...{ last_ping_check_timestamp: null, last_http_check_timestamp: null },
          ...{ last_ping_latency_ms: null, last_http_latency_ms: null, last_http_status_code: null },
        }),
      ],
      backends: [
        aBackend({
          quota: [quota('7d', 0.31, clock('08:00:00', 27)), quota('5h', 0.625, clock('14:20:00'))],
        }),
        aBackend({
          ...{ name: 'anthropic.team', state: 'full', in_flight: 8, queued: 14 },
          reason: 'all 8 places (max_concurrent) are taken',
        }),
        aBackend({
          ...{ name: 'openai.us', state: 'cooldown', in_flight: 0, retry_at: clock('13:04:29') },
          reason: 'answered 429 and asked to wait for 30 s',
          quota: [
            quota('requests', 1, clock('13:04:29'), { limit: 500, remaining: 0 }),
            quota('tokens', 0.12, clock('13:04:01'), { limit: 30_000, remaining: 26_400 }),
          ],
        }),
        aBackend({
          ...{ name: 'openai.eu', state: 'excluded', in_flight: 0, is_endpoint_healthy: false },
          reason: 'its endpoint is down: connect ECONNREFUSED 192.0.2.7:8443',
        }),
        aBackend({
          ...{ name: 'gemini', state: 'open', in_flight: 0, consecutive_failures: 5 },
          ...{ opened_at: clock('12:58:00'), retry_at: clock('13:08:15') },
          reason:
            'the last 5 attempts failed, the last with 503 UNAVAILABLE: The model is overloaded. Please try again later.',
        }),
        aBackend({
          ...{ name: 'mistral', state: 'half_open', in_flight: 1 },
          reason: 'one trial exchange is under way',
          quota: [quota('tokens', null, null, { remaining: 47_196 })],
        }),
        aBackend({
          ...{ name: 'groq', state: 'misconfigured', in_flight: 0, retry_at: clock('13:03:00') },
          reason: 'the provider key is refused (401); check api_key',
        }),
        aBackend({
          ...{ name: 'ollama', state: 'no_credential', in_flight: 0, is_endpoint_healthy: null },
          reason: 'OLLAMA_API_KEY is not set, and the client brings none',
        }),
      ],
    },
  )
}
