/** How an attempt ended, in what it says of its backend. Reported once for each attempt that began. */
export type AttemptEnd =
  /** A complete answer, or one that only the request is to blame for. */
  | { kind: 'works' }
  /** No connection, a timeout, 5xx, a stream that broke off. */
  | { kind: 'fails'; reason: string }
  /** The client left, or the proxy ends: nothing about the backend. */
  | { kind: 'neutral' }
  /** 429, or 503 with a time: too much for now. */
  | { kind: 'limited'; reason: string; retryAfterMs: number | null }
  /** 401, or (`certain`) an answer that names the key. `reason` goes on after "refuses the key". */
  | { kind: 'key_refused'; reason: string; certain: boolean }
  /** 403 or 404 for one model. */
  | { kind: 'model_refused'; reason: string }
