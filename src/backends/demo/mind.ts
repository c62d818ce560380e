import { createHash } from 'node:crypto'
import type { JsonObject } from '../../core/json.ts'
import type { OfferedTool, Prompt } from './prompt.ts'
import { toolArguments } from './tool-arguments.ts'
import { countTokens, wordPieces } from './words.ts'

/** What the demo answers, before it is put in a protocol's words. */
export interface Reply {
  /** 24 hex digits, the same for the same request: what ids are made of. */
  id: string
  /** The text in the pieces that a stream carries; none when it calls tools. */
  pieces: readonly string[]
  calls: readonly ReplyCall[]
  stop: 'stop' | 'tool' | 'length'
  promptTokens: number
  completionTokens: number
}

export interface ReplyCall {
  /** Unique in a conversation: fits every protocol's rule for ids behind any prefix. */
  id: string
  name: string
  arguments: JsonObject
}

/** Longer words of the user are not repeated: a coding agent's prompt would take minutes. */
const mostPieces = 200

/** Decides the answer: the same for the same bytes of a request. */
export function think(prompt: Prompt, requestBytes: Uint8Array): Reply {
  const id = createHash('sha256').update(requestBytes).digest('hex').slice(0, 24)
  const promptTokens = Math.max(1, countTokens(prompt.texts))
  const calls = toolsToCall(prompt).map((tool, index) => ({
    id: `${id}${index}`,
    name: tool.name,
    arguments: toolArguments(tool.schema),
  }))
  if (calls.length > 0) {
    const completionTokens = countTokens(calls.flatMap((call) => [call.name, JSON.stringify(call.arguments)]))
    return { id, pieces: [], calls, stop: 'tool', promptTokens, completionTokens }
  }
  const all = wordPieces(answerText(prompt))
  const { pieces, completionTokens } = withinTokens(all, prompt.maxTokens ?? Number.POSITIVE_INFINITY)
  const stop = pieces.length < all.length ? 'length' : 'stop'
  return { id, pieces, calls, stop, promptTokens, completionTokens }
}

/** The tokens of a prompt that is only counted. */
export function countPrompt(prompt: Prompt): number {
  return Math.max(1, countTokens(prompt.texts))
}

function answerText(prompt: Prompt): string {
  if (prompt.toolResults.length > 0) {
    return prompt.toolResults
      .map((result) => `The tool ${result.name} answered: ${echoed(result.text)}`)
      .join('\n')
  }
  return prompt.lastUserText.trim() === '' ? 'You said nothing.' : `You said: ${echoed(prompt.lastUserText)}`
}

function echoed(text: string): string {
  const pieces = wordPieces(text.trim())
  return pieces.length > mostPieces ? `${pieces.slice(0, mostPieces).join('')} …` : pieces.join('')
}

function withinTokens(all: readonly string[], most: number): { pieces: string[]; completionTokens: number } {
  const pieces: string[] = []
  let completionTokens = 0
  for (const piece of all) {
    const tokens = countTokens([piece])
    if (pieces.length > 0 && completionTokens + tokens > most) break
    pieces.push(piece)
    completionTokens += tokens
  }
  return { pieces, completionTokens }
}

function toolsToCall(prompt: Prompt): OfferedTool[] {
  if (prompt.toolChoice.mode === 'none' || prompt.toolResults.length > 0) return []
  const names = prompt.toolChoice.mode === 'named' ? prompt.toolChoice.names : null
  const allowed = prompt.tools.filter((tool) => names === null || names.includes(tool.name))
  const asked = allowed
    .map((tool) => ({ tool, at: placeAsked(prompt.lastUserText, tool.name) }))
    .filter(({ at }) => at >= 0)
    .sort((a, b) => a.at - b.at)
    .map(({ tool }) => tool)
  const chosen = asked.length > 0 || names === null ? asked : allowed.slice(0, 1)
  return prompt.parallelCalls ? chosen : chosen.slice(0, 1)
}

/** Where the text asks for a tool: `use NAME` or `call NAME`, quoted or not; -1 if it does not. */
function placeAsked(text: string, name: string): number {
  const literal = name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  return text.search(new RegExp(`\\b(?:use|call)\\s+["'\`]?${literal}(?![\\w-])`, 'i'))
}
