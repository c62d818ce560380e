import type { Backend } from '../core/backend.ts'
import { carriesKey, parameterName, queryParts } from './query.ts'

/**
 * Where a request goes. `rest` is the raw path behind a pinned backend's name, version included
 * (`/v1/chat/completions`): its version prefix gives way to the one in `apiUrl`. Of the raw query everything
 * passes byte for byte but credentials; what `apiUrl` has as its own query (Azure's `api-version`) wins.
 */
export function requestUrl(
  backend: Pick<Backend, 'apiUrl'>,
  rest: string,
  rawQuery: string,
): { origin: string; path: string } {
  const base = baseOf(backend)
  const path = base.path + withoutVersion(rest)
  const passed = queryParts(rawQuery).filter(
    (part) => !carriesKey(part) && !base.queryNames.has(parameterName(part)),
  )
  const query = [...base.query, ...passed].join('&')
  return { origin: base.origin, path: (path === '' ? '/' : path) + (query === '' ? '' : `?${query}`) }
}

interface Base {
  origin: string
  /** Without a slash at its end. */
  path: string
  query: readonly string[]
  queryNames: ReadonlySet<string>
}

/** A backend never changes, so its URL is taken apart once. */
const bases = new WeakMap<Pick<Backend, 'apiUrl'>, Base>()

function baseOf(backend: Pick<Backend, 'apiUrl'>): Base {
  const known = bases.get(backend)
  if (known) return known
  const { origin, pathname, search } = new URL(backend.apiUrl)
  const query = queryParts(search)
  const queryNames = new Set(query.map(parameterName))
  const base = { origin, path: pathname.replace(/\/+$/, ''), query, queryNames }
  bases.set(backend, base)
  return base
}

function withoutVersion(rest: string): string {
  return rest.replace(/^\/v1(beta)?(?=\/|$)/, '')
}
