const mostTexts = 512
/** Longer texts are seldom the same twice, and are not worth holding. */
const maxLength = 128

/** Answers a question about a text, and keeps the latest answers about short ones. */
export interface Remembered<Answer> {
  of(text: string): Answer
  /** What was answered may no longer hold. */
  forget(): void
}

/**
 * For the few texts that each exchange has again: models, backends, programs. What comes only once fills the rest; all is
 * forgotten when there is no room, which costs less than to know what was asked last.
 */
export function remembered<Answer>(answer: (text: string) => Answer): Remembered<Answer> {
  const answers = new Map<string, Answer>()
  return {
    of(text) {
      if (text.length > maxLength) return answer(text)
      const known = answers.get(text)
      if (known !== undefined) return known
      const made = answer(text)
      if (answers.size >= mostTexts) answers.clear()
      answers.set(text, made)
      return made
    },
    forget: () => answers.clear(),
  }
}
