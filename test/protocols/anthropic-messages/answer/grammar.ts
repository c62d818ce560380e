import { type JsonObject, stringAt } from '../../../../src/core/json.ts'
import { blocksOf } from './an-answer.ts'

/** What is wrong with a stream by Anthropic's grammar; nothing for a good one. */
export function faultsOf(said: readonly JsonObject[]): string[] {
  const faults: string[] = []
  const types = said.map(({ type }) => type)
  if (types[0] !== 'message_start' || types.lastIndexOf('message_start') !== 0) faults.push('message_start')
  if (types.at(-2) !== 'message_delta' || types.at(-1) !== 'message_stop') faults.push('the end')
  let open = -1
  let next = 0
  for (const { type, index } of said.slice(1, -2)) {
    const begins = type === 'content_block_start'
    if (begins ? open !== -1 || index !== next : index !== open) faults.push(`${type} ${index}`)
    if (begins) open = next++
    if (type === 'content_block_stop') open = -1
  }
  if (open !== -1) faults.push('a block stays open')
  for (const block of blocksOf(said)) faults.push(...blockFaults(block))
  const calls = blocksOf(said).some(({ type }) => type === 'tool_use')
  const reason = stringAt(said.at(-2)?.delta, 'stop_reason')
  if (calls && reason === 'end_turn') faults.push('a call that ends as a turn')
  if (!calls && reason === 'tool_use') faults.push('tool_use without a call')
  return faults
}

function blockFaults({ type, text, thinking, signature, partial_json }: JsonObject): string[] {
  if (type === 'text') return (text as string).trim() === '' ? ['an empty text'] : []
  if (type === 'thinking') return thinking && signature ? [] : ['thoughts without words or proof']
  if (type !== 'tool_use') return []
  try {
    JSON.parse(partial_json as string)
    return []
  } catch {
    return ['arguments that are no JSON']
  }
}
