import type {
  AssistantPart,
  ReasoningPart,
  ReasoningState,
  TextPart,
  ToolCallPart,
} from '../../../core/call.ts'
import { arrayAt, isObject, type JsonObject } from '../../../core/json.ts'
import { filled } from '../../substance.ts'
import { readState } from '../../translation/reasoning-state.ts'
import { argumentsText, badRequest } from '../../translation/request-fields.ts'
import { idFromClient } from '../../translation/tool-call-ids.ts'
import { readCitation } from '../citations.ts'
import { cacheOf } from './decode-cache.ts'

type BlockReader = (block: JsonObject, param: string) => AssistantPart[]

const readers: ReadonlyMap<string, BlockReader> = new Map<string, BlockReader>([
  ['text', decodeText],
  ['tool_use', (block, param) => [decodeToolUse(block, param)]],
  ['thinking', (block) => thoughts(filled(block.thinking) ?? '', stateAt(block, 'signature'))],
  ['redacted_thinking', (block) => thoughts('', stateAt(block, 'data'))],
  // The summary that stands for what came before it.
  ['compaction', (block) => decodeText({ text: block.content ?? '' })],
])

/** What the model said, and what the provider ran for it: the latter only as history. */
export function decodeAssistantBlocks(blocks: readonly JsonObject[], param: string): AssistantPart[] {
  const parts: AssistantPart[] = []
  for (const [at, block] of blocks.entries()) {
    const type = filled(block.type) ?? 'block'
    const read = readers.get(type)
    if (read === undefined)
      parts.push({ type: 'special', loss: 'server_tool_history', param: type, raw: block })
    else for (const part of read(block, `${param}[${at}]`)) parts.push(withStateBefore(part, parts))
  }
  return parts
}

/** A thought signature of Gemini's that stands right before a text or a call belongs to it. */
function withStateBefore(part: AssistantPart, before: AssistantPart[]): AssistantPart {
  if (part.type !== 'text' && part.type !== 'tool_call') return part
  const last = before.at(-1)
  if (last?.type !== 'reasoning' || last.text !== '' || last.state?.kind !== 'thought_signature') return part
  before.pop()
  return { ...part, state: last.state }
}

function decodeText(block: JsonObject): TextPart[] {
  const text = filled(block.text)
  if (text === undefined) return []
  const citations = (arrayAt(block, 'citations') ?? []).filter(isObject).map(readCitation)
  return [{ type: 'text', text, ...cacheOf(block), ...(citations.length > 0 && { citations }) }]
}

function decodeToolUse(block: JsonObject, param: string): ToolCallPart {
  const [id, name] = [filled(block.id), filled(block.name)]
  if (id === undefined || name === undefined) throw badRequest(param, 'is without id or name')
  const input = argumentsText(block.input, `${param}.input`)
  return { type: 'tool_call', id: idFromClient(id), name, arguments: input, ...cacheOf(block) }
}

/** Undefined without one; the seal on thoughts that had none holds no state either. */
function stateAt(block: JsonObject, key: 'signature' | 'data'): ReasoningState | undefined {
  const data = filled(block[key])
  if (data === undefined) return undefined
  const kind = key === 'signature' ? 'signature' : 'redacted'
  const state = readState(data, { protocol: 'anthropic-messages', kind })
  return state.data === '' ? undefined : state
}

function thoughts(text: string, state: ReasoningState | undefined): ReasoningPart[] {
  if (text === '' && state === undefined) return []
  return [{ type: 'reasoning', text, ...(state !== undefined && { state }) }]
}
