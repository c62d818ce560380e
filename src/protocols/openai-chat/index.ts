import type { Protocol } from '../../core/protocol.ts'
import { openAiErrorAnswer } from '../openai-error.ts'
import { readReportedError } from '../reported-error.ts'
import { streamDecoder } from '../stream-decoder.ts'
import { encodeChatAnswer } from './answer/encode-answer.ts'
import { ChatStreamEncoder } from './answer/encode-stream.ts'
import { decodeChatAnswer } from './answer.ts'
import { chatParamNames } from './param-names.ts'
import { decodeChatRequest } from './request/decode-request.ts'
import { encodeChatRequest } from './request/encode-request.ts'
import { readChatRequest } from './request.ts'
import { ChatReader } from './stream.ts'
import { chatStreamError } from './stream-error.ts'

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
  encodeStreamError: chatStreamError,
}
