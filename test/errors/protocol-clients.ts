import type { ProtocolName } from '../../src/core/protocol-name.ts'
import {
  anthropicFrames,
  chatFrames,
  geminiFrames,
  responsesFrames,
  type Script,
  streamHead,
  write,
} from '../support/fake-provider.ts'

/** A client as its protocol makes it: where it calls, what it sends, where its key stands. */
export interface ProtocolClient {
  protocol: ProtocolName
  /** The preset that it belongs to. */
  backend: 'openai' | 'anthropic' | 'gemini'
  /** Version prefix of the provider's API. */
  version: string
  /** Of a generation call; `%` is kept as it is. */
  path(model: string, stream?: boolean): string
  /** Without the model where the path has it. */
  body(model: string, stream?: boolean): Record<string, unknown>
  /** The header that holds a key, with what stands before it. */
  keyHeader(key: string): [name: string, value: string]
  /** A whole stream of the protocol, block by block; the first blocks have content, the last ones end it. */
  frames(pieces: readonly string[]): string[]
}

const messages = [{ role: 'user', content: 'hi' }]

export const protocolClients: readonly ProtocolClient[] = [
  {
    protocol: 'openai-chat',
    backend: 'openai',
    version: '/v1',
    path: () => '/v1/chat/completions',
    body: (model, stream = false) => ({ model, messages, stream }),
    keyHeader: (key) => ['authorization', `Bearer ${key}`],
    frames: chatFrames,
  },
  {
    protocol: 'openai-responses',
    backend: 'openai',
    version: '/v1',
    path: () => '/v1/responses',
    body: (model, stream = false) => ({ model, input: 'hi', stream }),
    keyHeader: (key) => ['authorization', `Bearer ${key}`],
    frames: responsesFrames,
  },
  {
    protocol: 'anthropic-messages',
    backend: 'anthropic',
    version: '/v1',
    path: () => '/v1/messages',
    body: (model, stream = false) => ({ model, max_tokens: 16, messages, stream }),
    keyHeader: (key) => ['x-api-key', key],
    frames: anthropicFrames,
  },
  {
    protocol: 'gemini',
    backend: 'gemini',
    version: '/v1beta',
    path: (model, stream = false) =>
      `/v1beta/models/${model}:${stream ? 'streamGenerateContent?alt=sse' : 'generateContent'}`,
    body: () => ({ contents: [{ role: 'user', parts: [{ text: 'hi' }] }] }),
    keyHeader: (key) => ['x-goog-api-key', key],
    frames: geminiFrames,
  },
]

/** What a provider has sent of such a stream once it has said its first piece. */
export function beginningOf(client: ProtocolClient, pieces: readonly [string, ...string[]]): string {
  const frames = client.frames(pieces)
  return frames.slice(0, frames.findIndex((frame) => frame.includes(pieces[0])) + 1).join('')
}

/** A stream that says these pieces; `held` is waited for after the first of them. */
export function streamOf(
  client: ProtocolClient,
  pieces: readonly [string, ...string[]],
  held?: Script[number],
): Script {
  const before = beginningOf(client, pieces)
  const after = client.frames(pieces).join('').slice(before.length)
  return [streamHead(), write(before), ...(held ? [held] : []), write(after)]
}

/** The providers' own settings, with a fake in every place. */
export function backendsAt(origin: string, more: Record<string, unknown> = {}): Record<string, object> {
  const at = (version: string, key: string) => ({
    api_url: `${origin}${version}`,
    api_key: key,
    stream_usage: 'never',
    ...more,
  })
  return {
    openai: at('/v1', 'sk-ours-openai-0123456789'),
    anthropic: at('/v1', 'sk-ant-ours-0123456789abc'),
    gemini: { ...at('/v1beta', 'AIza-ours-gemini-0123456789abcdefghijkl'), stream_usage: undefined },
  }
}
