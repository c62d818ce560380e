import { isObject, type JsonObject, numberAt } from '../../core/json.ts'
import type { Protocol } from '../../core/protocol.ts'
import { openAiErrorAnswer } from '../openai-error.ts'
import { readReportedError } from '../reported-error.ts'
import { streamDecoder } from '../stream-decoder.ts'
import { encodeResponsesAnswer } from './answer/encode-answer.ts'
import { ResponsesStreamEncoder } from './answer/encode-stream.ts'
import { decodeResponsesAnswer } from './answer.ts'
import { responsesParamNames } from './param-names.ts'
import { decodeResponsesRequest } from './request/decode-request.ts'
import { encodeResponsesRequest } from './request/encode-request.ts'
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
  decodeRequest: decodeResponsesRequest,
  encodeRequest: encodeResponsesRequest,
  encodeAnswer: encodeResponsesAnswer,
  streamEncoder: (about) => new ResponsesStreamEncoder(about),
  paramNames: responsesParamNames,
  generation: () => ({ path: '/v1/responses', query: '' }),
  tokenCounting: {
    path: () => '/v1/responses/input_tokens',
    requestOf: (body) => body,
    bodyOf: countedMembers,
    read: (body) => (isObject(body) ? numberAt(body, 'input_tokens') : undefined),
    encode: (tokens) => ({ object: 'response.input_tokens', input_tokens: tokens }),
  },
}

const counted = [
  'model',
  'input',
  'instructions',
  'tools',
  'tool_choice',
  'text',
  'reasoning',
  'previous_response_id',
]

/** What of a request has tokens: the counting route refuses the rest. */
function countedMembers(encoded: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(encoded).filter(([key]) => counted.includes(key)))
}
