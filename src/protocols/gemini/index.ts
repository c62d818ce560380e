import { isObject, numberAt } from '../../core/json.ts'
import type { Protocol } from '../../core/protocol.ts'
import { readReportedError } from '../reported-error.ts'
import { streamDecoder } from '../stream-decoder.ts'
import { encodeGeminiAnswer } from './answer/encode-answer.ts'
import { GeminiStreamEncoder } from './answer/encode-stream.ts'
import { decodeGeminiAnswer } from './answer.ts'
import { encodeGeminiError, encodeGeminiStreamError } from './errors.ts'
import { geminiParamNames } from './param-names.ts'
import { geminiPath } from './path.ts'
import { countedRequest, decodeGeminiRequest } from './request/decode-request.ts'
import { encodeGeminiRequest } from './request/encode-request.ts'
import { readGeminiRequest } from './request.ts'
import { GeminiReader } from './stream.ts'

/** Google's generateContent, which Gemini CLI speaks. */
export const gemini: Protocol = {
  name: 'gemini',
  family: 'gemini',
  readRequest: readGeminiRequest,
  streamDecoder: (framing) => streamDecoder(framing, new GeminiReader()),
  decodeAnswer: decodeGeminiAnswer,
  decodeError: readReportedError,
  encodeError: encodeGeminiError,
  encodeStreamError: encodeGeminiStreamError,
  decodeRequest: decodeGeminiRequest,
  encodeRequest: encodeGeminiRequest,
  encodeAnswer: encodeGeminiAnswer,
  streamEncoder: (about) => new GeminiStreamEncoder(about),
  paramNames: geminiParamNames,
  generation: (model, stream) => ({
    path: geminiPath(model, stream ? 'streamGenerateContent' : 'generateContent'),
    query: stream ? '?alt=sse' : '',
  }),
  tokenCounting: {
    path: (model) => geminiPath(model, 'countTokens'),
    requestOf: countedRequest,
    bodyOf: (encoded, model) => ({
      generateContentRequest: { model: `models/${model.replace(/^models\//, '')}`, ...encoded },
    }),
    read: (body) => (isObject(body) ? numberAt(body, 'totalTokens') : undefined),
    encode: (tokens) => ({ totalTokens: tokens }),
  },
}
