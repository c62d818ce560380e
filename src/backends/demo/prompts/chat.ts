import { arrayAt, type JsonObject, numberAt, objectAt, stringAt } from '../../../core/json.ts'
import { objectsOf, textsOf } from '../json-text.ts'
import { lastTurn, type OfferedTool, type Prompt, type ToolChoice, type Turn } from '../prompt.ts'

/** Reads an openai-chat request. */
export function chatPrompt(body: JsonObject): Prompt {
  const messages = objectsOf(body.messages)
  const toolNames = callNames(messages)
  const turns = messages.map((message) => turnOf(message, toolNames))
  const tools = objectsOf(body.tools).flatMap(offeredTool)
  return {
    ...lastTurn(turns),
    texts: [
      ...turns.flatMap((turn) => [...turn.texts, ...turn.results.map((result) => result.text)]),
      ...tools.flatMap((tool) => [tool.name, tool.description]),
    ],
    tools,
    toolChoice: choiceOf(body.tool_choice, tools),
    parallelCalls: body.parallel_tool_calls !== false,
    maxTokens: numberAt(body, 'max_completion_tokens') ?? numberAt(body, 'max_tokens') ?? null,
  }
}

function turnOf(message: JsonObject, toolNames: ReadonlyMap<string, string>): Turn {
  const texts = textsOf(message.content)
  switch (message.role) {
    case 'tool': {
      const name = toolNames.get(stringAt(message, 'tool_call_id') ?? '') ?? 'tool'
      return { role: 'user', texts: [], results: [{ name, text: texts.join(' ') }] }
    }
    case 'assistant':
      return { role: 'model', texts: [...texts, ...callTexts(message)], results: [] }
    case 'user':
      return { role: 'user', texts, results: [] }
    default:
      return { role: 'instruction', texts, results: [] }
  }
}

function callNames(messages: readonly JsonObject[]): Map<string, string> {
  const calls = messages.flatMap((message) => objectsOf(message.tool_calls))
  return new Map(
    calls.map((call) => [stringAt(call, 'id') ?? '', stringAt(objectAt(call, 'function'), 'name') ?? 'tool']),
  )
}

function callTexts(message: JsonObject): string[] {
  return objectsOf(message.tool_calls).flatMap((call) => {
    const called = objectAt(call, 'function')
    return [stringAt(called, 'name') ?? '', stringAt(called, 'arguments') ?? '']
  })
}

function offeredTool(tool: JsonObject): OfferedTool[] {
  const offered = objectAt(tool, 'function')
  const name = stringAt(offered, 'name')
  if (name === undefined) return []
  return [
    {
      name,
      description: stringAt(offered, 'description') ?? '',
      schema: objectAt(offered, 'parameters') ?? null,
    },
  ]
}

/** `auto`, `none`, `required`, one function by name, or `allowed_tools`; flat and nested forms, as chat and responses have them. */
export function choiceOf(choice: unknown, tools: readonly OfferedTool[]): ToolChoice {
  if (choice === 'none') return { mode: 'none' }
  if (choice === 'required') return { mode: 'named', names: tools.map((tool) => tool.name) }
  const name = stringAt(objectAt(choice, 'function'), 'name') ?? stringAt(choice, 'name')
  if (name !== undefined) return { mode: 'named', names: [name] }
  const allowed =
    objectAt(choice, 'allowed_tools') ?? (stringAt(choice, 'type') === 'allowed_tools' ? choice : null)
  if (stringAt(allowed, 'mode') !== 'required') return { mode: 'auto' }
  const names = objectsOf(arrayAt(allowed, 'tools')).map(
    (tool) => stringAt(objectAt(tool, 'function'), 'name') ?? stringAt(tool, 'name') ?? '',
  )
  return { mode: 'named', names }
}
