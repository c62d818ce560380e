import type { ReasoningState } from '../../../core/call.ts'
import type { JsonObject } from '../../../core/json.ts'
import type { AnswerAbout } from '../../../core/protocol.ts'
import { stateForClient } from '../../translation/reasoning-state.ts'
import { reasoningDetail, thoughtSeparator } from '../reasoning-details.ts'

/** The one reasoning text of a chat message as its pieces come, and which stretch of it each state belongs to. */
export class Thoughts {
  readonly #about: AnswerAbout
  readonly #hidden: boolean
  #length = 0
  /** Where what no state has claimed yet begins. */
  #from = 0
  #closed = false
  #states = 0

  constructor(about: AnswerAbout) {
    this.#about = about
    this.#hidden = about.call.reasoning?.visible === false
  }

  /** The words as they are to be appended to the text; '' where the client does not want to read them. */
  say(text: string): string {
    if (this.#hidden || text === '') return ''
    const separator = this.#closed && this.#length > 0 ? thoughtSeparator : ''
    if (this.#closed) this.#from = this.#length + separator.length
    this.#closed = false
    this.#length += separator.length + text.length
    return separator + text
  }

  /** What follows is another chain of thought. */
  close(): void {
    this.#closed = true
  }

  /** `alone`: it belongs to none of the text. */
  detail(state: Omit<ReasoningState, 'model'>, alone: boolean): JsonObject {
    const end = this.#length
    const start = alone || this.#closed ? end : this.#from
    this.close()
    const data = stateForClient(state, this.#about.source, 'openai-chat')
    return reasoningDetail(data, this.#states++, { start, end })
  }
}
