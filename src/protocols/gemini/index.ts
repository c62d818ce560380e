import type { Protocol } from '../../core/protocol.ts'
import { readReportedError } from '../reported-error.ts'
import { streamDecoder } from '../stream-decoder.ts'
import { decodeGeminiAnswer } from './answer.ts'
import { encodeGeminiError, encodeGeminiStreamError } from './errors.ts'
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
}
