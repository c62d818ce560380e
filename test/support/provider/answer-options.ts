/** A tool call as a test writes it down, for any protocol. */
export interface FakeToolCall {
  id?: string
  name: string
  arguments: Record<string, unknown>
}

/** Token counts as a test writes them down; prompt and cached in the protocol's own sense. */
export interface FakeUsage {
  prompt: number
  completion: number
  cached?: number
}

export interface FakeAnswer {
  text?: string
  toolCalls?: readonly FakeToolCall[]
  model?: string
  id?: string
  usage?: FakeUsage
  /** Added to, or in place of, the usual headers. */
  headers?: Record<string, string>
}

export interface FakeStream extends Omit<FakeAnswer, 'text'> {
  /** Between the pieces of text; default: all at once. */
  everyMs?: number
}

export const defaultUsage: FakeUsage = { prompt: 12, completion: 5 }
