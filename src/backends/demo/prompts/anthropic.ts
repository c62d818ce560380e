import { type JsonObject, numberAt, objectAt, stringAt } from '../../../core/json.ts'
import { objectsOf, resultText, textsOf } from '../json-text.ts'
import { lastTurn, type OfferedTool, type Prompt, type ToolChoice, type Turn } from '../prompt.ts'

/** Reads an anthropic-messages request, also one that is only counted. */
export function anthropicPrompt(body: JsonObject): Prompt {
  const messages = objectsOf(body.messages)
  const toolNames = new Map(
    messages
      .flatMap((message) => objectsOf(message.content))
      .map((block) => [stringAt(block, 'id') ?? '', stringAt(block, 'name') ?? 'tool']),
  )
  const turns = messages.map((message) => turnOf(message, toolNames))
  const tools = objectsOf(body.tools).flatMap(offeredTool)
  return {
    ...lastTurn(turns),
    texts: [
      ...textsOf(body.system),
      ...turns.flatMap((turn) => [...turn.texts, ...turn.results.map((result) => result.text)]),
      ...tools.flatMap((tool) => [tool.name, tool.description]),
    ],
    tools,
    toolChoice: choiceOf(objectAt(body, 'tool_choice'), tools),
    parallelCalls: objectAt(body, 'tool_choice')?.disable_parallel_tool_use !== true,
    maxTokens: numberAt(body, 'max_tokens') ?? null,
  }
}

/** A message with tool results is their turn, whatever text a client adds behind them. */
function turnOf(message: JsonObject, toolNames: ReadonlyMap<string, string>): Turn {
  const blocks = objectsOf(message.content)
  const calls = blocks.filter((block) => block.type === 'tool_use')
  const results = blocks
    .filter((block) => block.type === 'tool_result')
    .map((block) => ({
      name: toolNames.get(stringAt(block, 'tool_use_id') ?? '') ?? 'tool',
      text: resultText(block.content),
    }))
  return {
    role: message.role === 'user' ? 'user' : message.role === 'assistant' ? 'model' : 'instruction',
    texts: [
      ...textsOf(message.content),
      ...calls.flatMap((call) => [stringAt(call, 'name') ?? '', JSON.stringify(call.input ?? {})]),
    ],
    results,
  }
}

/** Only tools that the client runs: server tools have no schema. */
function offeredTool(tool: JsonObject): OfferedTool[] {
  const name = stringAt(tool, 'name')
  const schema = objectAt(tool, 'input_schema')
  if (name === undefined || schema === undefined) return []
  return [{ name, description: stringAt(tool, 'description') ?? '', schema }]
}

function choiceOf(choice: JsonObject | undefined, tools: readonly OfferedTool[]): ToolChoice {
  switch (choice?.type) {
    case 'none':
      return { mode: 'none' }
    case 'any':
      return { mode: 'named', names: tools.map((tool) => tool.name) }
    case 'tool':
      return { mode: 'named', names: [stringAt(choice, 'name') ?? ''] }
    default:
      return { mode: 'auto' }
  }
}
