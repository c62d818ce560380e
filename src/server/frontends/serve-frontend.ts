import type { IncomingMessage, ServerResponse } from 'node:http'
import { asProxyError, ProxyError } from '../../core/errors.ts'
import type { HeaderPairs } from '../../core/http.ts'
import type { CallerView } from '../../proxy/call.ts'
import type { Pipeline } from '../../proxy/pipeline.ts'
import type { Spending } from '../../proxy/spending/spending.ts'
import type { ProxyState } from '../../proxy/state.ts'
import type { Access } from '../access/access.ts'
import { type Caller, mayUse } from '../access/caller.ts'
import { sendError } from '../send-error.ts'
import { matchFrontend } from './match.ts'

export interface FrontendParts {
  pipeline: Pipeline
  access: Access
  spendingOf: (caller: Caller) => Spending | null
  headersOf: (request: IncomingMessage) => HeaderPairs
  callerOf: (request: IncomingMessage) => Caller
  state: () => ProxyState
  isClosing: () => boolean
  nextId: () => string
  redactText: (text: string) => string
  onRefused: (error: ProxyError) => void
}

/** Takes a request that belongs to a client protocol into the pipeline. */
export function serveFrontend(
  parts: FrontendParts,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  try {
    if (parts.isClosing()) throw closing()
    const state = parts.state()
    const headers = parts.headersOf(request)
    const route = matchFrontend(request.method ?? 'GET', request.url ?? '/', headers, state.backends)
    const caller = callerView(parts.callerOf(request), parts)
    void parts.pipeline.handle({ request, response, headers, route, caller, state })
  } catch (thrown) {
    const error = asProxyError(thrown)
    parts.onRefused(error)
    sendError(error, request, response, parts)
  }
}

function callerView(
  caller: Caller,
  { access, spendingOf }: Pick<FrontendParts, 'access' | 'spendingOf'>,
): CallerView {
  const keyed = caller.kind === 'key' ? caller : null
  return {
    name: keyed?.name ?? null,
    admin: keyed === null || keyed.role === 'admin',
    accessKeyHeader: keyed?.accessKeyHeader ?? null,
    mayUse: (target) => mayUse(caller, target),
    takeRequest: () => access.takeRequest(caller),
    spending: spendingOf(caller),
  }
}

function closing(): ProxyError {
  return new ProxyError('shutting_down', 'the proxy is shutting down; try again in a moment', {
    retryAfterMs: 1000,
  })
}
