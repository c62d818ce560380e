import { isObject, type Json, type JsonObject } from '../../../core/json.ts'

const maxBreakpoints = 4

/** Takes the first breakpoints off a request that has more than Anthropic takes; whether there were any too many. */
export function limitBreakpoints(body: JsonObject): boolean {
  const marked = [body.tools, body.system, body.messages].flatMap(breakpoints)
  for (const block of marked.slice(0, -maxBreakpoints)) delete block.cache_control
  return marked.length > maxBreakpoints
}

/** The marked blocks in the order of the prompt. */
function breakpoints(blocks: Json | undefined): JsonObject[] {
  if (!Array.isArray(blocks)) return []
  return blocks.filter(isObject).flatMap((block) => {
    const inner = breakpoints(block.content)
    return block.cache_control === undefined ? inner : [...inner, block]
  })
}
