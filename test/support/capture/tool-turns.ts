import { callOf, type ExchangeDraft, type LegDraft } from '../a-capture.ts'

// biome-ignore lint/suspicious/noExplicitAny: a test reaches into JSON of any shape.
type AnyJson = any

/** One call of a tool in a conversation, and what came of it; null: no result. */
export interface ToolTurn {
  id: string
  name: string
  arguments: Record<string, unknown>
  result: string | null
}

/** A turn of the user's behind the conversation of a request. */
export function addUserTurn(x: ExchangeDraft, leg: LegDraft, text: string): LegDraft {
  return editConversation(x, leg, (turns) => turns.push(userTurn(x, text)))
}

/** Turns of the model with a call each, and their results, behind the conversation of a request. */
export function addToolTurns(x: ExchangeDraft, leg: LegDraft, added: readonly ToolTurn[]): LegDraft {
  return editConversation(x, leg, (turns) => {
    for (const turn of added)
      turns.push(...callTurn(x, turn), ...(turn.result === null ? [] : resultTurn(x, turn)))
  })
}

/** A result for which nobody called, behind the conversation of a request. */
export function addResult(x: ExchangeDraft, leg: LegDraft, turn: ToolTurn): LegDraft {
  return editConversation(x, leg, (turns) => turns.push(...resultTurn(x, turn)))
}

/** Whether this is a readable request with a conversation that can be gone on with. */
export function hasConversation(x: ExchangeDraft): boolean {
  if (x.closed?.outcome !== 'complete' || x.closed.purpose !== 'chat') return false
  if (callOf(x, x.request) === null) return false
  const json = x.request.json
  return json[listName(x)] !== undefined && !json.previous_response_id && !json.conversation
}

export function editConversation(
  x: ExchangeDraft,
  leg: LegDraft,
  edit: (turns: AnyJson[], json: AnyJson) => unknown,
): LegDraft {
  const name = listName(x)
  return leg.editJson((json) => {
    if (typeof json[name] === 'string') json[name] = [{ role: 'user', content: json[name] }]
    edit(json[name], json)
  })
}

function listName({ protocol }: ExchangeDraft): 'messages' | 'input' | 'contents' {
  if (protocol === 'gemini') return 'contents'
  return protocol === 'openai-responses' ? 'input' : 'messages'
}

function userTurn({ protocol }: ExchangeDraft, text: string): AnyJson {
  return protocol === 'gemini' ? { role: 'user', parts: [{ text }] } : { role: 'user', content: text }
}

function callTurn({ protocol }: ExchangeDraft, { id, name, arguments: args }: ToolTurn): AnyJson[] {
  const text = JSON.stringify(args)
  switch (protocol) {
    case 'gemini':
      return [{ role: 'model', parts: [{ functionCall: { id, name, args } }] }]
    case 'openai-responses':
      return [{ type: 'function_call', call_id: id, name, arguments: text }]
    case 'anthropic-messages':
      return [{ role: 'assistant', content: [{ type: 'tool_use', id, name, input: args }] }]
    default:
      return [
        {
          role: 'assistant',
          content: null,
          tool_calls: [{ id, type: 'function', function: { name, arguments: text } }],
        },
      ]
  }
}

function resultTurn({ protocol }: ExchangeDraft, { id, name, result }: ToolTurn): AnyJson[] {
  switch (protocol) {
    case 'gemini':
      return [{ role: 'user', parts: [{ functionResponse: { id, name, response: { result } } }] }]
    case 'openai-responses':
      return [{ type: 'function_call_output', call_id: id, output: result }]
    case 'anthropic-messages':
      return [{ role: 'user', content: [{ type: 'tool_result', tool_use_id: id, content: result }] }]
    default:
      return [{ role: 'tool', tool_call_id: id, content: result }]
  }
}
