import type { IncomingMessage } from 'node:http'
import { ProxyError } from '../core/errors.ts'
import { headerPairs } from '../core/http.ts'
import type { Access } from './access/access.ts'
import type { Caller } from './access/caller.ts'
import { guardRequest } from './guard/guard.ts'
import { originForm } from './guard/host.ts'
import type { GuardPolicy } from './guard/policy.ts'

/** Who each admitted request is from. */
export interface Admission {
  /** Throws the guard's errors: what no access key could make right. */
  guard(request: IncomingMessage): void
  /** Throws the access keys' errors. */
  admit(request: IncomingMessage): void
  callerOf(request: IncomingMessage): Caller
}

/** They say nothing but the state, so they need no access key (`spec/config.md`, Security). */
const openPaths = new Set(['/', '/healthz', '/readyz'])

/** Paths of the proxy's own API that show or change what belongs to everybody. */
const adminPaths = /^\/(?:internal|metrics)(?:\/|$)/

export function createAdmission(access: Access, guardPolicy: () => GuardPolicy): Admission {
  const callers = new WeakMap<IncomingMessage, Caller>()
  return {
    guard(request) {
      const headers = headerPairs(request.rawHeaders)
      const remoteAddress = request.socket.remoteAddress ?? ''
      const boundAddress = request.socket.localAddress ?? ''
      guardRequest({ headers, rawUrl: request.url ?? '/', remoteAddress, boundAddress }, guardPolicy())
    },
    admit(request) {
      const headers = headerPairs(request.rawHeaders)
      const rawUrl = request.url ?? '/'
      const remoteAddress = request.socket.remoteAddress ?? ''
      const path = routedPath(rawUrl)
      const caller = openPaths.has(path)
        ? ({ kind: 'open' } as const)
        : access.identify(headers, rawUrl, remoteAddress)
      if (caller.kind === 'key' && caller.role !== 'admin' && adminPaths.test(path)) {
        throw new ProxyError('role_refused', `${path} needs an access key with role admin`)
      }
      callers.set(request, caller)
    },
    callerOf: (request) => callers.get(request) ?? { kind: 'open' },
  }
}

/** The path as the router reads it: `/%69nternal` and `http://HOST/internal` lead to the same place. */
function routedPath(rawUrl: string): string {
  return decodeURIComponent(originForm(rawUrl).split('?')[0] ?? '/')
}
