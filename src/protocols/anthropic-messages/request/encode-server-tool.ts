import type { SearchOptions, ServerToolKind, Tool } from '../../../core/call.ts'
import type { JsonObject } from '../../../core/json.ts'
import type { RequestEncoding } from './request-encoding.ts'

/** The first generally available version of each, which every model takes. */
const wireTools: Record<ServerToolKind, { type: string; name: string } | undefined> = {
  web_search: { type: 'web_search_20250305', name: 'web_search' },
  web_fetch: { type: 'web_fetch_20250910', name: 'web_fetch' },
  code_execution: { type: 'code_execution_20250825', name: 'code_execution' },
  other: undefined,
}

/** Who runs these tools: Anthropic alone, not those who only speak its protocol. */
const runners: ReadonlySet<string> = new Set(['anthropic'])

export function serverToolName(kind: ServerToolKind): string | undefined {
  return wireTools[kind]?.name
}

/** Not where a tool of the client's has its name: the API wants every name once. */
export function runsServerTool(kind: ServerToolKind, { call, backendType }: RequestEncoding): boolean {
  const name = serverToolName(kind)
  if (name === undefined || !runners.has(backendType)) return false
  return !call.tools.some((tool) => tool.type !== 'server' && tool.name === name)
}

export function encodeServerTool(
  { kind, search }: Extract<Tool, { type: 'server' }>,
  { lost }: RequestEncoding,
): JsonObject {
  const tool: JsonObject = { ...wireTools[kind] }
  if (search === undefined) return tool
  if (hasMore(kind, search)) lost.lose('server_tool_options')
  return { ...tool, ...searchOptions(kind, search) }
}

/** Anthropic takes a list of allowed or of blocked domains, and knows no size of context. */
function hasMore(
  kind: ServerToolKind,
  { allowedDomains, blockedDomains, contextSize, userLocation }: SearchOptions,
): boolean {
  const both = allowedDomains.length > 0 && blockedDomains.length > 0
  return both || contextSize !== null || (userLocation !== null && kind !== 'web_search')
}

function searchOptions(kind: ServerToolKind, search: SearchOptions): JsonObject {
  const { allowedDomains, blockedDomains, maxUses, userLocation } = search
  return {
    ...(maxUses !== null && { max_uses: maxUses }),
    ...(allowedDomains.length > 0
      ? { allowed_domains: allowedDomains }
      : blockedDomains.length > 0 && { blocked_domains: blockedDomains }),
    ...(userLocation !== null &&
      kind === 'web_search' && { user_location: { type: 'approximate', ...userLocation } }),
  }
}
