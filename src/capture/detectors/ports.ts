/** What detectors need of models, which others know (`DESIGN.md`, rule 3). */
export interface ModelKnowledge {
  /** Tokens of a model's context window at such a backend; null where it is not known. */
  contextWindow(model: string, backendType: string | null): number | null
  /** May take long: to be asked where an estimate is not good enough. */
  countTokens(text: string): number
}

/** For readers that have nothing better: no window is known, and four bytes are a token. */
export const lengthEstimates: ModelKnowledge = {
  contextWindow: () => null,
  countTokens: estimatedTokens,
}

/** By its length: numbers and hexadecimal are up to three times as many, white space and lines of dashes far fewer. */
export function estimatedTokens(text: string): number {
  return Math.ceil(Buffer.byteLength(text) / 4)
}
