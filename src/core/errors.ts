/** How an error of ours may be handled by who caused it: decides the protocols' own error types. */
export interface ErrorKind {
  status: number
  /** Sent as `x-should-retry`: false when the same request cannot succeed. Undefined leaves it to the client. */
  shouldRetry?: boolean
}

/** Every error that this program answers with, by its stable code. Messages are written where they are thrown. */
export const errorKinds = {
  bad_json: { status: 400, shouldRetry: false },
  bad_request: { status: 400, shouldRetry: false },
  bad_host: { status: 400, shouldRetry: false },
  bad_path: { status: 400, shouldRetry: false },
  bad_selector: { status: 400, shouldRetry: false },
  bad_session: { status: 400, shouldRetry: false },
  duplicate_model: { status: 400, shouldRetry: false },
  model_missing: { status: 400, shouldRetry: false },
  model_too_long: { status: 400, shouldRetry: false },
  too_deep: { status: 400, shouldRetry: false },
  untranslatable: { status: 400, shouldRetry: false },
  access_key_missing: { status: 401, shouldRetry: false },
  access_key_wrong: { status: 401, shouldRetry: false },
  no_credential: { status: 401, shouldRetry: false },
  host_refused: { status: 403, shouldRetry: false },
  origin_refused: { status: 403, shouldRetry: false },
  tunnel_refused: { status: 403, shouldRetry: false },
  role_refused: { status: 403, shouldRetry: false },
  model_refused: { status: 403, shouldRetry: false },
  path_refused: { status: 403, shouldRetry: false },
  price_missing: { status: 403, shouldRetry: false },
  unknown_backend: { status: 404, shouldRetry: false },
  unknown_model: { status: 404, shouldRetry: false },
  usage_off: { status: 404, shouldRetry: false },
  unknown_record: { status: 404, shouldRetry: false },
  unknown_session: { status: 404, shouldRetry: false },
  capture_not_saved: { status: 409, shouldRetry: false },
  unknown_route: { status: 404, shouldRetry: false },
  method_refused: { status: 405, shouldRetry: false },
  request_timeout: { status: 408 },
  body_too_large: { status: 413, shouldRetry: false },
  unsupported_encoding: { status: 415, shouldRetry: false },
  bad_encoding: { status: 400, shouldRetry: false },
  upgrade_refused: { status: 426, shouldRetry: false },
  too_many_wrong_keys: { status: 429, shouldRetry: false },
  request_limit: { status: 429, shouldRetry: false },
  spending_limit: { status: 429, shouldRetry: false },
  call_over_limit: { status: 429, shouldRetry: false },
  backend_limited: { status: 429 },
  headers_too_large: { status: 431, shouldRetry: false },
  client_gone: { status: 499 },
  internal: { status: 500 },
  connect_failed: { status: 502 },
  backend_closed: { status: 502 },
  backend_truncated: { status: 502 },
  backend_answer: { status: 502 },
  backend_error: { status: 502 },
  provider_key_refused: { status: 502, shouldRetry: false },
  ledger_failed: { status: 503 },
  bodies_full: { status: 503 },
  shutting_down: { status: 503 },
  backend_timeout: { status: 504 },
  replay_miss: { status: 503, shouldRetry: false },
  loop: { status: 508, shouldRetry: false },
} as const satisfies Record<string, ErrorKind>

export type ErrorCode = keyof typeof errorKinds

export interface ErrorDetails {
  cause?: unknown
  /** Overrides the kind's status: a provider's own. */
  status?: number
  /** The request parameter at fault. */
  param?: string
  retryAfterMs?: number
  shouldRetry?: boolean
  /** A provider's own words for the error, kept for its protocol's shape. */
  providerType?: string | null
  providerCode?: string | null
}

/** An error that a person reads: says what happened and what to do; keeps its cause. */
export class ProxyError extends Error {
  override readonly name = 'ProxyError'
  readonly code: ErrorCode
  readonly status: number
  readonly param: string | null
  readonly retryAfterMs: number | null
  readonly shouldRetry: boolean | null
  readonly providerType: string | null
  readonly providerCode: string | null

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause })
    const kind: ErrorKind = errorKinds[code]
    this.code = code
    this.status = details.status ?? kind.status
    this.param = details.param ?? null
    this.retryAfterMs = details.retryAfterMs ?? null
    this.shouldRetry = details.shouldRetry ?? kind.shouldRetry ?? null
    this.providerType = details.providerType ?? null
    this.providerCode = details.providerCode ?? null
  }
}

/** Anything thrown, as a ProxyError: what is not one already is a fault of ours. */
export function asProxyError(thrown: unknown): ProxyError {
  if (thrown instanceof ProxyError) return thrown
  return new ProxyError('internal', 'the proxy failed on this request; its log has the cause', {
    cause: thrown,
  })
}
