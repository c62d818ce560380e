import type { Protocol } from '../../core/protocol.ts'
import { openAiError, openAiErrorAnswer } from '../openai-error.ts'
import { readReportedError } from '../reported-error.ts'
import { streamDecoder } from '../stream-decoder.ts'
import { decodeChatAnswer } from './answer.ts'
import { decodeChatRequest } from './decode-request.ts'
import { encodeChatAnswer } from './encode-answer.ts'
import { encodeChatRequest } from './encode-request.ts'
import { ChatStreamEncoder } from './encode-stream.ts'
import { chatParamNames } from './param-names.ts'
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
  decodeRequest: decodeChatRequest,
  encodeRequest: encodeChatRequest,
  encodeAnswer: encodeChatAnswer,
  streamEncoder: (about) => new ChatStreamEncoder(about),
  paramNames: chatParamNames,
  generation: () => ({ path: '/v1/chat/completions', query: '' }),
  tokenCounting: null,
  encodeStreamError: (error) => `data: ${JSON.stringify({ error: openAiError(error) })}\n\n`,
}
