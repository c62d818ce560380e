import type { Protocol } from '../../core/protocol.ts'
import { openAiError, openAiErrorAnswer } from '../openai-error.ts'
import { readReportedError } from '../reported-error.ts'
import { streamDecoder } from '../stream-decoder.ts'
import { decodeChatAnswer } from './answer.ts'
import { readChatRequest } from './request.ts'
import { ChatReader } from './stream.ts'

/** OpenAI's chat completions, and what its many followers make of them. */
export const openAiChat: Protocol = {
  name: 'openai-chat',
  family: 'openai',
  readRequest: readChatRequest,
  streamDecoder: () => streamDecoder('sse', new ChatReader()),
  decodeAnswer: decodeChatAnswer,
  decodeError: readReportedError,
  encodeError: openAiErrorAnswer,
  encodeStreamError: (error) => `data: ${JSON.stringify({ error: openAiError(error) })}\n\n`,
}
