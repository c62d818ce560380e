import type { ReasoningState } from '../../../core/call.ts'
import type { Event } from '../../../core/event.ts'
import type { JsonObject } from '../../../core/json.ts'
import type { Lost } from '../../../core/losses.ts'
import type { AnswerAbout } from '../../../core/protocol.ts'
import { stateForClient } from '../../translation/reasoning-state.ts'
import { callArguments, callId } from './function-call.ts'
import type { WholeCall } from './open-calls.ts'
import { bareSignature, WaitingState } from './waiting-state.ts'

type State = Omit<ReasoningState, 'model'>
type Media = Pick<Extract<Event, { type: 'media' }>, 'mediaType' | 'data' | 'transcript'>

/**
 * Makes the parts of one candidate. Each call gives those that can be written now: the latest thought waits for what
 * follows it, so that its signature can stand on it.
 */
export class CandidateParts {
  readonly #about: AnswerAbout
  readonly #lost: Lost<'answer', 'gemini'>
  readonly #waiting = new WaitingState()
  #thought = ''

  constructor(about: AnswerAbout, lost: Lost<'answer', 'gemini'>) {
    this.#about = about
    this.#lost = lost
  }

  /** `state`: of the whole text, where it is known with it. */
  text(text: string, state?: State): JsonObject[] {
    const parts = this.thoughts()
    if (state) return [...parts, ...this.#waiting.before({ text, ...this.#signature(state) })]
    return text === '' ? parts : [...parts, ...this.#waiting.before({ text })]
  }

  refusal(text: string): JsonObject[] {
    this.#lost.lose('answer_refusal')
    return this.text(text)
  }

  serverTool(text: string): JsonObject[] {
    if (text !== '') this.#lost.lose('answer_server_tool')
    return this.text(text)
  }

  /** The words that are spoken in it stand beside it. */
  media({ mediaType, data, transcript }: Media): JsonObject[] {
    const parts = this.thoughts()
    if (data !== '') parts.push(...this.#waiting.before({ inlineData: { mimeType: mediaType, data } }))
    return [...parts, ...this.text(transcript ?? '')]
  }

  /** Thoughts are shown to those who asked for them. */
  reasoning(text: string): JsonObject[] {
    if (text === '') return []
    if (this.#about.call.reasoning?.visible !== true) {
      this.#lost.lose('answer_thoughts')
      return []
    }
    const before = this.thoughts()
    this.#thought = text
    return before
  }

  /**
   * A state behind the thought that it proves, or one that stands alone; those of calls come with the call. It is said
   * even where thoughts are not shown, for the model wants it back.
   */
  state(state: State, on: 'thought' | null): JsonObject[] {
    const signature = this.#sealed(state)
    const proves = on === 'thought' && this.#thought !== '' && provesWords.has(state.kind)
    if (proves) return this.thoughts({ thoughtSignature: signature })
    const before = this.thoughts()
    if (state.kind === 'thought_signature')
      return [...before, ...this.#waiting.take(), bareSignature(signature)]
    return [...before, ...this.#waiting.add(signature)]
  }

  /** A whole call; `index` counts those of the answer, for calls without an id. */
  call(call: Omit<WholeCall, 'index'>, index: number): JsonObject[] {
    const { id, name, arguments: args, custom, state } = call
    const given = custom ? { input: args } : callArguments(args)
    const functionCall = { id: callId(id, index, this.#about), name, args: given }
    const part = { functionCall, ...(state && this.#signature(state)) }
    return [...this.thoughts(), ...this.#waiting.before(part)]
  }

  /** The thought that was held back. */
  thoughts(signature: { thoughtSignature?: string } = {}): JsonObject[] {
    const text = this.#thought
    this.#thought = ''
    return text === '' ? [] : this.#waiting.before({ text, thought: true, ...signature })
  }

  /** Nothing more follows. */
  rest(): JsonObject[] {
    return [...this.thoughts(), ...this.#waiting.take()]
  }

  #signature(state: State): { thoughtSignature: string } {
    return { thoughtSignature: this.#sealed(state) }
  }

  #sealed(state: State): string {
    return stateForClient(state, this.#about.source, 'gemini')
  }
}

/** The kinds of state that are worth nothing without the words before them. */
const provesWords: ReadonlySet<State['kind']> = new Set<State['kind']>(['signature', 'thought_signature'])
