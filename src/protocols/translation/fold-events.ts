import type { Answer, AnswerChoice, AnswerPart } from '../../core/answer.ts'
import type { Citation, TextPart, ToolCallPart } from '../../core/call.ts'
import type { ChoiceEnd, Event } from '../../core/event.ts'

/** How an answer ends of which nobody said how. */
const unsaidEnd: ChoiceEnd = { reason: 'stop', raw: '' }

/** What an answer's events add up to. `model` is the one at the backend: its reasoning state is tied to it. */
export function foldEvents(events: Iterable<Event>, model: string): Answer {
  const answer: Answer = { id: null, model: null, choices: [], usage: null }
  const open = new Map<number, OpenChoice>()
  const choiceOf = (index: number): OpenChoice => {
    let choice = open.get(index)
    if (choice !== undefined) return choice
    choice = new OpenChoice(model)
    open.set(index, choice)
    return choice
  }
  for (const event of events) {
    switch (event.type) {
      case 'start':
        answer.id ??= event.id ?? null
        answer.model ??= event.model ?? null
        break
      case 'usage':
        answer.usage = event.usage
        break
      case 'end':
        for (const [choice, end] of endsOf(event)) choiceOf(choice).choice.end = end
        break
      default:
        choiceOf('choice' in event ? (event.choice ?? 0) : 0).take(event)
    }
  }
  choiceOf(0)
  answer.choices = [...open.entries()].sort(([a], [b]) => a - b).map(([, { choice }]) => finished(choice))
  return answer
}

function endsOf({ type: _type, others, ...first }: Extract<Event, { type: 'end' }>): [number, ChoiceEnd][] {
  return [[0, first], ...(others ?? []).map(({ choice, ...end }): [number, ChoiceEnd] => [choice, end])]
}

/** One alternative of an answer while its events come. */
class OpenChoice {
  readonly choice: AnswerChoice = { parts: [], end: unsaidEnd, logprobs: [] }
  readonly #model: string
  readonly #calls = new Map<number, ToolCallPart>()
  #latestCall: ToolCallPart | undefined
  /** The last text or reasoning part still takes what follows of its kind. */
  #grows = false

  constructor(model: string) {
    this.#model = model
  }

  take(event: Event): void {
    switch (event.type) {
      case 'text':
      case 'reasoning':
      case 'refusal':
        return this.#takeWords(event.type, event.text)
      case 'boundary':
        this.#grows = false
        return
      case 'tool_call':
        return this.#takeCall(event)
      case 'state':
        return this.#takeState(event)
      case 'citation':
        return this.#takeCitation(event.citation)
      case 'logprobs':
        this.choice.logprobs.push(...event.tokens)
        return
      case 'media':
      case 'server_tool': {
        const { choice: _choice, ...part } = event
        this.#push(part)
      }
    }
  }

  #takeWords(type: 'text' | 'reasoning' | 'refusal', text: string): void {
    const last = this.choice.parts.at(-1)
    if (this.#grows && last?.type === type) last.text += text
    else this.choice.parts.push({ type, text })
    this.#grows = true
  }

  #takeCitation(citation: Citation): void {
    const text = this.choice.parts.findLast((part): part is TextPart => part.type === 'text')
    if (text) text.citations = [...(text.citations ?? []), citation]
  }

  #push(part: AnswerPart): void {
    this.choice.parts.push(part)
    this.#grows = false
  }

  #takeCall(event: Extract<Event, { type: 'tool_call' }>): void {
    let call = this.#calls.get(event.index)
    if (call === undefined) {
      call = { type: 'tool_call', id: '', name: '', arguments: '' }
      this.#calls.set(event.index, call)
      this.#push(call)
    }
    call.id ||= event.id ?? ''
    call.name ||= event.name ?? ''
    call.arguments += event.arguments
    if (event.custom) call.custom = true
    this.#latestCall = call
  }

  #takeState({ state, on }: Extract<Event, { type: 'state' }>): void {
    const owned = { ...state, model: this.#model }
    const last = this.choice.parts.at(-1)
    if (on === 'tool_call' && this.#latestCall) this.#latestCall.state = owned
    else if ((on === 'text' || on === 'reasoning') && last?.type === on && last.state === undefined) {
      last.state = owned
      // What follows is another block: a state proves exactly what came before it.
      this.#grows = false
    } else if (on === 'text') this.#push({ type: 'text', text: '', state: owned })
    else this.#push({ type: 'reasoning', text: '', state: owned })
  }
}

/** Arguments that never came are those of a tool without parameters. */
function finished(choice: AnswerChoice): AnswerChoice {
  for (const part of choice.parts) if (part.type === 'tool_call' && !part.custom) part.arguments ||= '{}'
  return choice
}
