import {
  anthropicAnswerBody,
  anthropicError,
  anthropicFrames,
  chatAnswerBody,
  chatFrames,
  geminiAnswerBody,
  geminiError,
  geminiFrames,
  openaiError,
  paced,
  type RecordedRequest,
  reset,
  responsesAnswerBody,
  responsesFrames,
  type Script,
} from './fake-provider.ts'
import { streamHead, whole } from './provider/encoded.ts'

/** What a request of the mix is to live through. */
export const mixKinds = ['whole', 'stream', 'refused', 'failing', 'cut', 'endless'] as const
export type MixKind = (typeof mixKinds)[number]

export interface MixProtocol {
  name: string
  path: (stream: boolean) => string
  request: (text: string, stream: boolean) => unknown
  answer: () => unknown
  frames: (pieces: readonly string[]) => string[]
  error: (status: number) => Script
}

const pieces = ['Once ', 'upon ', 'a ', 'time ', 'there ', 'was ', 'a ', 'proxy.']
const everyMs = 10
export const refusedStatus = 400
export const failingStatus = 500

export const mixProtocols: readonly MixProtocol[] = [
  {
    name: 'openai-chat',
    path: () => '/v1/chat/completions',
    request: (content, stream) => ({ model: 'gpt-fake', stream, messages: [{ role: 'user', content }] }),
    answer: chatAnswerBody,
    frames: chatFrames,
    error: openaiError,
  },
  {
    name: 'openai-responses',
    path: () => '/v1/responses',
    request: (input, stream) => ({ model: 'gpt-fake', stream, input }),
    answer: responsesAnswerBody,
    frames: responsesFrames,
    error: openaiError,
  },
  {
    name: 'anthropic-messages',
    path: () => '/v1/messages',
    request: (content, stream) => ({
      model: 'claude-fake',
      max_tokens: 100,
      stream,
      messages: [{ role: 'user', content }],
    }),
    answer: anthropicAnswerBody,
    frames: anthropicFrames,
    error: anthropicError,
  },
  {
    name: 'gemini',
    path: (stream) =>
      `/v1beta/models/gemini-fake:${stream ? 'streamGenerateContent?alt=sse' : 'generateContent'}`,
    request: (text) => ({ contents: [{ role: 'user', parts: [{ text }] }] }),
    answer: geminiAnswerBody,
    frames: geminiFrames,
    error: geminiError,
  },
]

/** The bytes of a protocol's good stream. */
export function mixStreamText(protocol: MixProtocol): string {
  return protocol.frames(pieces).join('')
}

/** The provider's side: the answer for a request of this kind, in the protocol of its path. */
export function mixedAnswer(request: RecordedRequest, kind: string): Script {
  const protocol = mixProtocols.find((one) => request.url.startsWith(one.path(true).slice(0, 9)))
  if (!protocol) return whole(404, { error: { message: `no such path: ${request.url}` } })
  const frames = protocol.frames(pieces)
  switch (kind as MixKind) {
    case 'whole':
      return whole(200, protocol.answer())
    case 'stream':
      return [streamHead(), paced(frames, everyMs)]
    case 'refused':
      return protocol.error(refusedStatus)
    case 'failing':
      return protocol.error(failingStatus)
    case 'cut':
      return [streamHead(), paced(frames.slice(0, -2), everyMs), reset()]
    case 'endless':
      return [streamHead(), paced(endless(frames), everyMs)]
    default:
      return whole(404, { error: { message: `no such kind: ${kind}` } })
  }
}

/** The beginning of a stream and then its first text again and again: only its reader ends it. */
function* endless(frames: readonly string[]): Generator<string> {
  const textAt = frames.findIndex((frame) => frame.includes(pieces[0] ?? ''))
  yield* frames.slice(0, textAt)
  for (;;) yield frames[textAt] ?? ''
}
