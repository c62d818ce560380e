import type { Event } from '../../core/event.ts'
import { type JsonObject, objectAt } from '../../core/json.ts'
import { filled } from '../substance.ts'

const resultEnd = '_tool_result'
const printed: ReadonlySet<unknown> = new Set(['code_execution_result', 'bash_code_execution_result'])

/**
 * A tool that Anthropic ran, when it was called and when its result came; undefined for any other block. Only what
 * a program printed has to be read: the model says in its own words what it found.
 */
export function serverToolEvent(block: JsonObject): Event | undefined {
  const type = filled(block.type) ?? ''
  if (type === 'mcp_tool_use') return { type: 'server_tool', kind: 'mcp', text: '' }
  if (type === 'server_tool_use') return { type: 'server_tool', kind: filled(block.name) ?? type, text: '' }
  if (!type.endsWith(resultEnd)) return undefined
  const content = objectAt(block, 'content')
  const text = printed.has(content?.type) ? (filled(content?.stdout) ?? '') : ''
  return { type: 'server_tool', kind: type.slice(0, -resultEnd.length), text }
}
