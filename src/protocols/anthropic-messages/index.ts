import type { Protocol } from '../../core/protocol.ts'
import { readReportedError } from '../reported-error.ts'
import { streamDecoder } from '../stream-decoder.ts'
import { decodeMessageAnswer } from './answer.ts'
import { encodeMessageError, encodeMessageStreamError } from './errors.ts'
import { readMessagesRequest } from './request.ts'
import { MessageReader } from './stream.ts'

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
}
