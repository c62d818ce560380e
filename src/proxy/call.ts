import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Backend } from '../core/backend.ts'
import type { HeaderPairs } from '../core/http.ts'
import type { StreamFraming } from '../core/protocol.ts'
import type { ProtocolName } from '../core/protocol-name.ts'
import type { Target } from '../core/target.ts'
import type { Spending } from './spending/spending.ts'
import type { ProxyState } from './state.ts'

/** What a frontend made of a request's method and URL (`spec/http-api.md`, Frontends). */
export interface FrontendRoute {
  protocol: ProtocolName
  /** `other`: a path of the provider's that we pass untouched. */
  kind: 'generate' | 'count_tokens' | 'other'
  /** The backend that the path begins with. */
  pinned: Backend | null
  /** The raw path behind the pinned backend's name, and the raw query with its `?`. */
  path: string
  query: string
  /** Gemini has the model, the method and the kind of stream in the URL. */
  inPath: { model: string; method: string; stream: boolean; framing: StreamFraming } | null
}

/** Who calls, as the access keys told. */
export interface CallerView {
  /** The access key's name; null when none is needed. */
  name: string | null
  admin: boolean
  /** Where the access key was in the request: a header's name or `query`; null without one. */
  accessKeyHeader: string | null
  mayUse: (target: Target) => boolean
  /** Takes one request of the key's allowance, or throws `request_limit`. */
  takeRequest: () => void
  /** What is left of its `usd_per_day`; null: it has no such limit, and nothing is reckoned. */
  spending: Spending | null
}

/** One request that a frontend accepted, on its way into the pipeline. */
export interface FrontendCall {
  request: IncomingMessage
  response: ServerResponse
  headers: HeaderPairs
  route: FrontendRoute
  caller: CallerView
  /** The configuration that it begins with, and keeps through a reload. */
  state: ProxyState
}
