import type { JsonObject } from '../../../core/json.ts'

/** Part with nothing but a signature, as Gemini itself sends one behind a text. */
export function bareSignature(thoughtSignature: string): JsonObject {
  return { text: '', thoughtSignature }
}

/**
 * A state that needs no words of its own (OpenAI's encrypted reasoning, redacted thinking) rides on the call or text
 * that follows it: Gemini CLI keeps neither thoughts nor empty texts in its history, but those it keeps.
 */
export class WaitingState {
  #signature: string | undefined

  /** What had waited until now stands alone. */
  add(signature: string): JsonObject[] {
    const before = this.take()
    this.#signature = signature
    return before
  }

  /** The part, with what waits on it or, where it must not or has a signature itself, before it. */
  before(part: JsonObject): JsonObject[] {
    if (this.#signature === undefined) return [part]
    if (part.thought === true || part.thoughtSignature !== undefined) return [...this.take(), part]
    const thoughtSignature = this.#signature
    this.#signature = undefined
    return [{ ...part, thoughtSignature }]
  }

  take(): JsonObject[] {
    const signature = this.#signature
    this.#signature = undefined
    return signature === undefined ? [] : [bareSignature(signature)]
  }
}
