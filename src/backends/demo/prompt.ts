import type { JsonObject } from '../../core/json.ts'

/** What the demo needs to know of a request, whatever protocol it came in. */
export interface Prompt {
  /** Everything the request says, in any role: what is counted. */
  texts: readonly string[]
  /** The last thing the user said; empty if nothing. */
  lastUserText: string
  /** Results of tool calls in the conversation's last turn. */
  toolResults: readonly ToolResult[]
  tools: readonly OfferedTool[]
  toolChoice: ToolChoice
  /** Whether the answer may hold more than one call. */
  parallelCalls: boolean
  maxTokens: number | null
}

export interface OfferedTool {
  name: string
  /** Shown to the model, and so part of the count. */
  description: string
  /** JSON Schema of its arguments, null when it has none. */
  schema: JsonObject | null
}

export interface ToolResult {
  /** Of the tool, as far as the request tells. */
  name: string
  text: string
}

/** `named`: one of these must be called. */
export type ToolChoice = { mode: 'auto' } | { mode: 'none' } | { mode: 'named'; names: readonly string[] }

/** One message of the conversation, as the protocols' readers find it. */
export interface Turn {
  /** Instructions in the middle of a conversation are nobody's turn. */
  role: 'user' | 'model' | 'instruction'
  texts: readonly string[]
  results: readonly ToolResult[]
}

/** Finds the last words of the user, and the tool results that came after the model's last turn. */
export function lastTurn(turns: readonly Turn[]): { lastUserText: string; toolResults: ToolResult[] } {
  let lastUserText = ''
  let toolResults: ToolResult[] = []
  for (const turn of turns) {
    if (turn.role === 'model') toolResults = []
    if (turn.role !== 'user') continue
    toolResults.push(...turn.results)
    if (turn.results.length === 0) {
      lastUserText = turn.texts.at(-1) ?? lastUserText
      toolResults = []
    }
  }
  return { lastUserText, toolResults }
}
