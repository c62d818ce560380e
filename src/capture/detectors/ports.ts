/** What detectors need of models, which others know (`DESIGN.md`, rule 3). */
export interface ModelKnowledge {
  /** Tokens of a model's context window; null where it is not known. */
  contextWindow(model: string): number | null
  countTokens(text: string): number
}

/** For readers that have nothing better: no window is known, and four bytes are a token. */
export const lengthEstimates: ModelKnowledge = {
  contextWindow: () => null,
  countTokens: (text) => Math.ceil(Buffer.byteLength(text) / 4),
}
