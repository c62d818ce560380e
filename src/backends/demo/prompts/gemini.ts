import { arrayAt, type Json, type JsonObject, numberAt, objectAt, stringAt } from '../../../core/json.ts'
import { objectsOf, textsOf } from '../json-text.ts'
import { lastTurn, type OfferedTool, type Prompt, type ToolChoice, type Turn } from '../prompt.ts'

/** Reads a gemini request: also one to count, which may wrap it in `generateContentRequest`. */
export function geminiPrompt(request: JsonObject): Prompt {
  const body = objectAt(request, 'generateContentRequest') ?? request
  const turns = contentsOf(body).map(turnOf)
  const tools = objectsOf(body.tools).flatMap(offeredTools)
  return {
    ...lastTurn(turns),
    texts: [
      ...textsOf(arrayAt(either(body, 'systemInstruction', 'system_instruction'), 'parts')),
      ...turns.flatMap((turn) => [...turn.texts, ...turn.results.map((result) => result.text)]),
      ...tools.flatMap((tool) => [tool.name, tool.description]),
    ],
    tools,
    toolChoice: choiceOf(either(body, 'toolConfig', 'tool_config'), tools),
    parallelCalls: true,
    maxTokens: numberAt(either(body, 'generationConfig', 'generation_config'), 'maxOutputTokens') ?? null,
  }
}

/** Google's servers take both spellings of a field, and their documentation uses both. */
function either(object: unknown, camel: string, snake: string): Json | undefined {
  return (
    objectAt(object, camel) ?? arrayAt(object, camel) ?? objectAt(object, snake) ?? arrayAt(object, snake)
  )
}

function contentsOf(body: JsonObject): JsonObject[] {
  return objectsOf(Array.isArray(body.contents) ? body.contents : [body.contents])
}

function turnOf(content: JsonObject): Turn {
  const parts = objectsOf(content.parts)
  const calls = objectsOf(parts.map((part) => part.functionCall))
  const results = objectsOf(parts.map((part) => part.functionResponse))
  return {
    role: content.role === 'model' ? 'model' : 'user',
    texts: [
      ...textsOf(parts),
      ...calls.flatMap((call) => [stringAt(call, 'name') ?? '', JSON.stringify(call.args ?? {})]),
    ],
    results: results.map((result) => ({
      name: stringAt(result, 'name') ?? 'tool',
      text: JSON.stringify(result.response ?? {}),
    })),
  }
}

function offeredTools(tool: JsonObject): OfferedTool[] {
  return objectsOf(either(tool, 'functionDeclarations', 'function_declarations')).flatMap((declared) => {
    const name = stringAt(declared, 'name')
    if (name === undefined) return []
    const schema = objectAt(declared, 'parametersJsonSchema') ?? objectAt(declared, 'parameters') ?? null
    return [{ name, description: stringAt(declared, 'description') ?? '', schema }]
  })
}

function choiceOf(config: unknown, tools: readonly OfferedTool[]): ToolChoice {
  const calling = either(config, 'functionCallingConfig', 'function_calling_config')
  const mode = stringAt(calling, 'mode')?.toUpperCase()
  if (mode === 'NONE') return { mode: 'none' }
  if (mode !== 'ANY') return { mode: 'auto' }
  const allowed = arrayAt(calling, 'allowedFunctionNames')?.filter((name) => typeof name === 'string')
  return { mode: 'named', names: allowed?.length ? allowed : tools.map((tool) => tool.name) }
}
