import type { AnswerPart } from '../../../core/answer.ts'
import type { ReasoningState, ToolCallPart } from '../../../core/call.ts'
import { isObject, type Json, type JsonObject } from '../../../core/json.ts'
import type { Lost } from '../../../core/losses.ts'
import type { AnswerAbout } from '../../../core/protocol.ts'
import { stateForClient } from '../../translation/reasoning-state.ts'
import { parsedJson } from '../../translation/request-fields.ts'
import { geminiIds, idForClient, inventedId } from '../../translation/tool-call-ids.ts'

/** Says the parts of one candidate. */
export class AnswerParts {
  readonly #about: AnswerAbout
  readonly #lost: Lost<'answer', 'gemini'>

  constructor(about: AnswerAbout, lost: Lost<'answer', 'gemini'>) {
    this.#about = about
    this.#lost = lost
  }

  /** `index` counts the answer's tool calls, for those without an id. */
  of(part: AnswerPart, index: number): JsonObject[] {
    switch (part.type) {
      case 'text':
        return this.text(part.text, part.state)
      case 'refusal':
        this.#lost.lose('answer_refusal')
        return this.text(part.text, undefined)
      case 'reasoning':
        return this.reasoning(part.text, part.state)
      case 'tool_call':
        return [
          {
            functionCall: this.call(part, index),
            ...this.signature(part.state),
          },
        ]
      case 'media':
        return [
          ...(part.data === '' ? [] : [{ inlineData: { mimeType: part.mediaType, data: part.data } }]),
          ...this.text(part.transcript ?? '', undefined),
        ]
      case 'server_tool':
        if (part.text !== '') this.#lost.lose('answer_server_tool')
        return this.text(part.text, undefined)
    }
  }

  text(text: string, state: Omit<ReasoningState, 'model'> | undefined): JsonObject[] {
    return text === '' && state === undefined ? [] : [{ text, ...this.signature(state) }]
  }

  /** Thoughts are shown to those who asked for them; what proves them goes to all, for the model wants it back. */
  reasoning(text: string, state: Omit<ReasoningState, 'model'> | undefined): JsonObject[] {
    const isShown = this.#about.call.reasoning?.visible === true
    if (text !== '' && !isShown) this.#lost.lose('answer_thoughts')
    if (text !== '' && isShown) return [{ text, thought: true, ...this.signature(state) }]
    return state === undefined ? [] : [{ text: '', ...this.signature(state) }]
  }

  /** Free text is the one string of an object; what else is no JSON of an object is kept as it came. */
  call(
    { id, name, arguments: text, custom }: Pick<ToolCallPart, 'id' | 'name' | 'arguments' | 'custom'>,
    index: number,
  ): JsonObject {
    if (custom) return { id: this.#id(id, index), name, args: { input: text } }
    const value: Json | undefined = parsedJson(text === '' ? '{}' : text)
    const args: JsonObject = isObject(value) ? value : { _raw: text }
    return { id: this.#id(id, index), name, args }
  }

  #id(id: string, index: number): string {
    return id === '' ? inventedId(this.#about.exchangeId, index) : idForClient(id, geminiIds)
  }

  signature(state: Omit<ReasoningState, 'model'> | undefined): JsonObject {
    return state === undefined
      ? {}
      : { thoughtSignature: stateForClient(state, this.#about.source, 'gemini') }
  }
}
