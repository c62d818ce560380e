import type { Protocol } from '../../core/protocol.ts'
import { openAiErrorAnswer } from '../openai-error.ts'
import { readReportedError } from '../reported-error.ts'
import { streamDecoder } from '../stream-decoder.ts'
import { decodeResponsesAnswer } from './answer.ts'
import { readResponsesRequest } from './request.ts'
import { ResponsesReader } from './stream.ts'
import { encodeResponsesStreamError } from './stream-error.ts'

/** OpenAI's Responses, which Codex speaks. */
export const openAiResponses: Protocol = {
  name: 'openai-responses',
  family: 'openai',
  readRequest: readResponsesRequest,
  streamDecoder: () => streamDecoder('sse', new ResponsesReader()),
  decodeAnswer: decodeResponsesAnswer,
  decodeError: readReportedError,
  encodeError: openAiErrorAnswer,
  encodeStreamError: encodeResponsesStreamError,
}
