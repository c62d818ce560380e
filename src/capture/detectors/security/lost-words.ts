import type { Call, Message } from '../../../core/call.ts'
import { parsedJson } from '../../view/raw-event.ts'
import { canonicalJson } from '../canonical.ts'

/**
 * What a translated request has no longer of what the client said. Places, roles and the cut into messages may be
 * others, words may not be missing.
 */
export function lostInTranslation(asked: Call, sent: Call): string[] {
  const lost: string[] = []
  const said = textsOf(sent.messages)
  const whole = new Lazy(() => [...said].join('\n'))
  const missing = [...textsOf(asked.messages)].filter(
    (text) => !said.has(text) && !whole.get().includes(text),
  )
  if (missing.length > 0)
    lost.push(`${missing.length} text${missing.length > 1 ? 's' : ''} of the conversation`)
  for (const type of ['tool_call', 'tool_result'] as const) {
    const difference = count(asked.messages, type) - count(sent.messages, type)
    if (difference > 0 && type === 'tool_call')
      lost.push(`${difference} tool call${difference > 1 ? 's' : ''}`)
  }
  const tools = functions(asked) - functions(sent)
  if (tools > 0) lost.push(`${tools} tool${tools > 1 ? 's' : ''}`)
  return lost
}

class Lazy {
  #text: string | undefined
  readonly #make: () => string

  constructor(make: () => string) {
    this.#make = make
  }

  get(): string {
    this.#text ??= this.#make()
    return this.#text
  }
}

/** Words of users, of instructions and of the model; thoughts are its own. */
function textsOf(messages: readonly Message[]): Set<string> {
  const parts = messages.flatMap(({ parts }): Part[] => parts)
  const shown = parts.flatMap((part): Part[] => (part.type === 'tool_result' ? part.content : [part]))
  const texts = new Set<string>()
  for (const part of shown) if (part.type === 'text') addText(texts, part.text)
  return texts
}

type Part = Message['parts'][number]

/** JSON is the same in whatever white space: Gemini takes results as objects. */
function addText(texts: Set<string>, text: string): void {
  const plain = text.trim()
  const json = /^[{[]/.test(plain) ? parsedJson(plain) : undefined
  if (plain !== '') texts.add(json === undefined ? plain : canonicalJson(json))
}

function count(messages: readonly Message[], type: string): number {
  return messages.reduce((sum, { parts }) => sum + [...parts].filter((part) => part.type === type).length, 0)
}

/** A backend that knows no list of allowed tools is offered those only. */
function functions({ tools, toolChoice }: Call): number {
  const allowed = toolChoice?.type === 'allowed' ? toolChoice.names : null
  return tools.filter(({ type, name }) => type !== 'server' && (allowed?.includes(name) ?? true)).length
}
