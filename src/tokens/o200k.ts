import { countTokens, setMergeCacheSize } from 'gpt-tokenizer/encoding/o200k_base'

// Words that are no token of their own. More saves little time and costs memory, which hostile texts would fill.
setMergeCacheSize(2000)

const asPlainText = { disallowedSpecial: new Set<string>() }

/** Tokens of a text in OpenAI's o200k encoding; `<|endoftext|>` in it is text like any other. */
export function countO200k(text: string): number {
  return countTokens(text, asPlainText)
}
