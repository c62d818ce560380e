import type { SearchOptions, Tool } from '../../../core/call.ts'
import type { JsonObject } from '../../../core/json.ts'
import type { ChatLost } from './chat-encoding.ts'

/** The offered web search as the option that chat has for it. */
export function encodeSearch(tools: readonly Tool[], lost: ChatLost): JsonObject {
  const tool = tools.find((offered) => offered.type === 'server')
  if (tool === undefined) return {}
  const { search } = tool
  if (search && hasMore(search)) lost.lose('server_tool_options')
  return {
    web_search_options: {
      ...(search?.contextSize && { search_context_size: search.contextSize }),
      ...(search?.userLocation && {
        user_location: { type: 'approximate', approximate: { ...search.userLocation } },
      }),
    },
  }
}

function hasMore({ allowedDomains, blockedDomains, maxUses }: SearchOptions): boolean {
  return allowedDomains.length > 0 || blockedDomains.length > 0 || maxUses !== null
}
