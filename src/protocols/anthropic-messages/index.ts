import type { Protocol } from '../../core/protocol.ts'
import { readReportedError } from '../reported-error.ts'
import { streamDecoder } from '../stream-decoder.ts'
import { encodeMessageAnswer } from './answer/encode-answer.ts'
import { MessageStreamEncoder } from './answer/stream-encoder.ts'
import { decodeMessageAnswer } from './answer.ts'
import { encodeMessageError, encodeMessageStreamError } from './errors.ts'
import { messageParameterNames } from './parameter-names.ts'
import { decodeMessagesRequest } from './request/decode-request.ts'
import { encodeMessagesRequest } from './request/encode-request.ts'
import { readMessagesRequest } from './request.ts'
import { MessageReader } from './stream.ts'
import { messageTokenCounting } from './token-counting.ts'

/** Anthropic's Messages, which Claude Code speaks. */
export const anthropicMessages: Protocol = {
  name: 'anthropic-messages',
  family: 'anthropic',
  readRequest: readMessagesRequest,
  streamDecoder: () => streamDecoder('sse', new MessageReader()),
  decodeAnswer: decodeMessageAnswer,
  decodeError: readReportedError,
  encodeError: encodeMessageError,
  encodeStreamError: encodeMessageStreamError,
  decodeRequest: decodeMessagesRequest,
  encodeRequest: encodeMessagesRequest,
  encodeAnswer: encodeMessageAnswer,
  streamEncoder: (about) => new MessageStreamEncoder(about),
  paramNames: messageParameterNames,
  generation: () => ({ path: '/v1/messages', query: '' }),
  tokenCounting: messageTokenCounting,
}
