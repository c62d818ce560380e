/** How our count of a model's tokens comes about (`spec/usage.md`, Token counts). */
export interface ModelEncoding {
  /** `tokenizer`: the model's own encoding is public and is the one that we count with. */
  method: 'tokenizer' | 'approximate'
  /** Tokens of the model for one of o200k. */
  factor: number
}

/** Changes with the table below or the tokenizer, so that counts of different versions are not compared. */
export const counterVersion = 'o200k-2026-11'

/**
 * The first pattern that fits the model's name counts. OpenAI publishes which models use o200k_base
 * (openai/tiktoken, model.py). The factors of others are the medians of what providers reported for recorded answers
 * without thoughts and tool calls over our count of their text, measured once, in November 2026; where there were no
 * recordings, 1.
 */
const encodings: readonly (readonly [RegExp, ModelEncoding])[] = [
  [/(^|\/)(gpt-(4o|4\.1|4\.5|5)|chatgpt-4o|o[134](-|$)|codex)/, { method: 'tokenizer', factor: 1 }],
  [/(^|[/.])gpt-oss/, { method: 'tokenizer', factor: 1 }],
  [/claude-(opus-4-[78]|(opus|sonnet|haiku)-[5-9])/, { method: 'approximate', factor: 1.4 }],
  [/claude/, { method: 'approximate', factor: 1.12 }],
  [/gemini|gemma/, { method: 'approximate', factor: 1.07 }],
  [/mistral|magistral|ministral|codestral|devstral/, { method: 'approximate', factor: 1.02 }],
  [/deepseek/, { method: 'approximate', factor: 1.03 }],
]
const unknown: ModelEncoding = { method: 'approximate', factor: 1 }

/** Of a model by any of its names: dated, with a vendor before it, in a cloud's spelling. */
export function encodingOf(model: string): ModelEncoding {
  const name = model.toLowerCase()
  return encodings.find(([pattern]) => pattern.test(name))?.[1] ?? unknown
}
