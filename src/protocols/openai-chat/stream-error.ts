import type { ProxyError } from '../../core/errors.ts'
import { openAiError } from '../openai-error.ts'

/** The error inside a stream that has begun; OpenAI's SDK throws on it. */
export function chatStreamError(error: ProxyError): string {
  return `data: ${JSON.stringify({ error: openAiError(error) })}\n\n`
}
