import type { ProtocolName } from '../../core/protocol-name.ts'
import type { ContextOverflow } from './context-overflow.ts'

const openAi = 'Your input exceeds the context window of this model. Please adjust your input and try again'
/** What each provider says when it tells no numbers. */
const withoutNumbers: Record<ProtocolName, string> = {
  'openai-chat': openAi,
  'openai-responses': openAi,
  'anthropic-messages': 'prompt is too long',
  gemini: 'The input token count exceeds the maximum number of tokens allowed',
}

/**
 * An overflow in the words that clients of a protocol look for: Claude Code shortens the conversation on the first of
 * Anthropic's two forms and asks for less output on the second. Without numbers the provider's words follow.
 */
export function overflowWords(to: ProtocolName, overflow: ContextOverflow, message: string): string {
  const words = withoutNumbers[to]
  return withNumbers(to, overflow) ?? (message.startsWith(words) ? message : `${words}: ${message}`)
}

function withNumbers(to: ProtocolName, overflow: ContextOverflow): string | null {
  if (overflow.kind === 'unknown' || to === 'openai-responses') return null
  const { input, limit } = overflow
  if (overflow.kind === 'input') return tooLong(to, input, limit)
  const { output } = overflow
  if (to === 'gemini') return null
  return to === 'anthropic-messages'
    ? `input length and \`max_tokens\` exceed context limit: ${input} + ${output} > ${limit}, decrease input length or \`max_tokens\` and try again`
    : `This model's maximum context length is ${limit} tokens. However, you requested ${input + output} tokens (${input} in the messages, ${output} in the completion). Please reduce the length of the messages or completion.`
}

function tooLong(to: Exclude<ProtocolName, 'openai-responses'>, input: number, limit: number): string {
  return {
    'openai-chat': `This model's maximum context length is ${limit} tokens. However, your messages resulted in ${input} tokens. Please reduce the length of the messages.`,
    'anthropic-messages': `prompt is too long: ${input} tokens > ${limit} maximum`,
    gemini: `The input token count (${input}) exceeds the maximum number of tokens allowed (${limit}).`,
  }[to]
}
