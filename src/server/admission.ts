import type { IncomingMessage } from 'node:http'
import { ProxyError } from '../core/errors.ts'
import { type HeaderPairs, headerPairs } from '../core/http.ts'
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
  /** The headers as pairs, made once. */
  headersOf(request: IncomingMessage): HeaderPairs
  callerOf(request: IncomingMessage): Caller
}

interface Known {
  headers: HeaderPairs
  caller: Caller | null
}

/** On the request itself: what a WeakMap holds lives until the next full collection, long after its request. */
const known = Symbol('what admission knows of a request')

function knownOf(request: IncomingMessage & { [known]?: Known }): Known {
  request[known] ??= { headers: headerPairs(request.rawHeaders), caller: null }
  return request[known]
}

/** They say nothing but the state, so they need no access key (`spec/config.md`, Security). */
const openPaths = new Set(['/', '/healthz', '/readyz'])

/** Paths of the proxy's own API that show or change what belongs to everybody. */
const adminPaths = /^\/(?:internal|metrics)(?:\/|$)/

export function createAdmission(access: Access, guardPolicy: () => GuardPolicy): Admission {
  return {
    guard(request) {
      const { headers } = knownOf(request)
      const remoteAddress = request.socket.remoteAddress ?? ''
      const boundAddress = request.socket.localAddress ?? ''
      guardRequest({ headers, rawUrl: request.url ?? '/', remoteAddress, boundAddress }, guardPolicy())
    },
    admit(request) {
      const about = knownOf(request)
      const { headers } = about
      const rawUrl = request.url ?? '/'
      const remoteAddress = request.socket.remoteAddress ?? ''
      const path = routedPath(rawUrl)
      const caller = openPaths.has(path)
        ? ({ kind: 'open' } as const)
        : access.identify(headers, rawUrl, remoteAddress)
      if (caller.kind === 'key' && caller.role !== 'admin' && adminPaths.test(path)) {
        throw new ProxyError('role_refused', `${path} needs an access key with role admin`)
      }
      about.caller = caller
    },
    headersOf: (request) => knownOf(request).headers,
    callerOf: (request) => knownOf(request).caller ?? { kind: 'open' },
  }
}

/** The path as the router reads it: `/%69nternal` and `http://HOST/internal` lead to the same place. */
function routedPath(rawUrl: string): string {
  const path = originForm(rawUrl).split('?', 1)[0] ?? '/'
  return path.includes('%') ? decodeURIComponent(path) : path
}
