import type { HeaderPairs } from '../../core/http.ts'

/** What the guard looks at: the request line and headers as they came, and the connection. */
export interface GuardedRequest {
  headers: HeaderPairs
  /** The request target, not decoded: `/v1/models?x=1` or `http://127.0.0.1:8000/v1/models`. */
  rawUrl: string
  remoteAddress: string
  /** The address of ours that the connection came in on. */
  boundAddress: string
}

export interface GuardPolicy {
  /** `host` of the configuration: a name or an address. */
  boundHost: string
  allowedHosts: readonly string[]
  allowedOrigins: readonly string[]
  isTrustedProxy(address: string): boolean
  /** Whether callers have to show an access key. */
  accessKeys: boolean
  /** Our own id in `x-llmproxy-hop`. */
  hopId: string
}
