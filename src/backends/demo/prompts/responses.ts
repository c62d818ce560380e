import { type JsonObject, numberAt, objectAt, stringAt } from '../../../core/json.ts'
import { objectsOf, resultText, textsOf } from '../json-text.ts'
import { lastTurn, type OfferedTool, type Prompt, type Turn } from '../prompt.ts'
import { choiceOf } from './chat.ts'

/** Reads an openai-responses request. Tools that are no functions are left out. */
export function responsesPrompt(body: JsonObject): Prompt {
  const items = objectsOf(body.input)
  const toolNames = new Map(
    items
      .map((item) => [stringAt(item, 'call_id') ?? '', stringAt(item, 'name')] as const)
      .filter(([, name]) => name),
  )
  const turns: Turn[] =
    typeof body.input === 'string'
      ? [{ role: 'user', texts: [body.input], results: [] }]
      : items.map((item) => turnOf(item, (id) => toolNames.get(id) ?? 'tool'))
  const tools = objectsOf(body.tools).flatMap(offeredTool)
  return {
    ...lastTurn(turns),
    texts: [
      ...textsOf(body.instructions),
      ...turns.flatMap((turn) => [...turn.texts, ...turn.results.map((result) => result.text)]),
      ...tools.flatMap((tool) => [tool.name, tool.description]),
    ],
    tools,
    toolChoice: choiceOf(body.tool_choice, tools),
    parallelCalls: body.parallel_tool_calls !== false,
    maxTokens: numberAt(body, 'max_output_tokens') ?? null,
  }
}

function turnOf(item: JsonObject, nameOf: (callId: string) => string): Turn {
  switch (item.type) {
    case 'function_call':
      return {
        role: 'model',
        texts: [stringAt(item, 'name') ?? '', stringAt(item, 'arguments') ?? ''],
        results: [],
      }
    case 'function_call_output': {
      const name = nameOf(stringAt(item, 'call_id') ?? '')
      return { role: 'user', texts: [], results: [{ name, text: resultText(item.output) }] }
    }
    default: {
      const role = item.role === 'user' ? 'user' : item.role === 'assistant' ? 'model' : 'instruction'
      return { role, texts: textsOf(item.content), results: [] }
    }
  }
}

function offeredTool(tool: JsonObject): OfferedTool[] {
  const name = tool.type === 'function' ? stringAt(tool, 'name') : undefined
  if (name === undefined) return []
  return [
    { name, description: stringAt(tool, 'description') ?? '', schema: objectAt(tool, 'parameters') ?? null },
  ]
}
