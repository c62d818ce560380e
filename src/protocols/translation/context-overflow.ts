import type { ProxyError } from '../../core/errors.ts'
import { type ErrorMeaning, meaningOf } from './error-meaning.ts'

/** A prompt that does not fit into the model, with the numbers that the provider told. */
export type ContextOverflow =
  | { kind: 'input'; input: number; limit: number }
  /** The prompt alone would fit; with the output that was asked for it does not. */
  | { kind: 'input and output'; input: number; output: number; limit: number }
  | { kind: 'unknown' }

const words: ReadonlySet<string | null> = new Set([
  'context_length_exceeded',
  'context_window_exceeded',
  'model_context_window_exceeded',
  'exceed_context_size_error',
])

/** What may be one in other words; a rate limit, say, also asks for shorter messages. */
const mayBeOverflow: ReadonlySet<ErrorMeaning> = new Set(['invalid', 'too_large', 'failed'])

/** What providers and the servers that people run themselves say. */
const phrases: readonly RegExp[] = [
  /prompt (?:is )?too long/i, // Anthropic; Ollama
  /exceed context limit/i, // Anthropic
  /maximum context length/i, // OpenAI and most of its followers
  /exceeds? the context window/i, // OpenAI
  /input tokens exceed the configured limit/i, // OpenAI
  /input token count.{0,40}exceeds the maximum/i, // Gemini
  /maximum prompt length is/i, // xAI
  /reduce the length of the (?:messages|input prompt)/i, // Groq, vLLM
  /context length (?:is|of) only/i, // vLLM, LM Studio
  /longer than the (?:model's context|maximum model) length/i, // SGLang, Together, vLLM
  /exceeds the available context size|context size has been exceeded/i, // llama.cpp
  /greater than the context length/i, // LM Studio
  /exceed(?:s|ed)? (?:the )?(?:max(?:imum)? )?context length/i, // Ollama
  /exceeded model token limit/i, // Moonshot
  /context window exceeds limit/i, // MiniMax
  /prompt exceeds max length/i, // z.ai
  /range of input length should be/i, // Alibaba
  /input is too long for requested model/i, // Bedrock
  /prompt token count of \d+ exceeds/i, // Copilot
  /`inputs` (?:must have less than|tokens \+ `max_new_tokens`)/, // TGI
  /context[_ ]length[_ ]exceeded/i,
]

const limits: readonly RegExp[] = [
  /> (\d{1,12}) maximum/,
  /\+ \d{1,12} > (\d{1,12})/,
  /maximum (?:context|prompt|model) length (?:is|of) (\d{1,12})/,
  /context length \((\d{1,12})/,
  /with (\d{1,12}) maximum context length/,
  /tokens allowed \(?(\d{1,12})/,
  /configured limit of (\d{1,12})/,
  /context length (?:is|of) only (\d{1,12})/,
  /context size \((\d{1,12}) tokens\)/,
  /token limit: (\d{1,12})/,
  /exceeds the limit of (\d{1,12})/,
  /must (?:have less than|be <=) (\d{1,12})/,
]
const inputs: readonly RegExp[] = [
  /too long: (\d{1,12}) tokens/,
  /context limit: (\d{1,12}) \+/,
  /input token count \((\d{1,12})\)/,
  /(\d{1,12}) input tokens/,
  /resulted in (\d{1,12}) tokens/,
  /contains (\d{1,12}) tokens/,
  /(?:input|request) \((\d{1,12}) tokens\)/i,
  /\(length (\d{1,12})\)/,
  /input length \((\d{1,12})\)/i,
  /keep the first (\d{1,12}) tokens/,
  /token count of (\d{1,12})/,
  /\(requested: (\d{1,12})\)/,
  /Given: (\d{1,12})/,
]
const outputs: readonly RegExp[] = [
  /context limit: \d{1,12} \+ (\d{1,12})/,
  /(\d{1,12}) (?:in|for) the (?:completion|output)/,
  /(\d{1,12}) tokens for the completion/,
  /requested (\d{1,12}) output tokens/,
  /is too large: (\d{1,12})/,
  /and (\d{1,12}) `max_new_tokens`/,
]
const totals: readonly RegExp[] = [/requested (?:about |a total of )?(\d{1,12}) tokens/]

/** Whether a provider refused a prompt for its length; null when its error says anything else. */
export function contextOverflow(error: ProxyError): ContextOverflow | null {
  if (!mayBeOverflow.has(meaningOf(error))) return null
  const named = words.has(error.providerCode) || words.has(error.providerType)
  if (!named && !phrases.some((phrase) => phrase.test(error.message))) return null
  return told(error.message.replace(/(\d),(?=\d{3})/g, '$1'))
}

function told(message: string): ContextOverflow {
  const limit = first(limits, message)
  const output = first(outputs, message)
  const input = inputOf(message, output)
  if (limit === null || input === null) return { kind: 'unknown' }
  if (input > limit) return { kind: 'input', input, limit }
  if (output !== null && input + output > limit) return { kind: 'input and output', input, output, limit }
  return { kind: 'unknown' }
}

/** Where all is told in parts (messages, functions, completion), the parts of the input add up to the rest. */
function inputOf(message: string, output: number | null): number | null {
  const total = first(totals, message)
  if (total !== null && output !== null) return total - output
  return first(inputs, message) ?? total
}

function first(patterns: readonly RegExp[], message: string): number | null {
  for (const pattern of patterns) {
    const number = pattern.exec(message)?.[1]
    if (number !== undefined) return Number(number)
  }
  return null
}
