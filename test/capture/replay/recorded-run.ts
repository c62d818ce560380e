import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { readRecording } from '../../../src/capture/replay/recording.ts'
import type { ProtocolName } from '../../../src/core/protocol-name.ts'
import {
  anthropicAnswer,
  anthropicStream,
  type Behaviour,
  chatAnswer,
  chatStream,
  type FakeProvider,
  geminiAnswer,
  geminiStream,
  jsonBody,
  type RecordedRequest,
  responsesAnswer,
  responsesStream,
  startFakeProvider,
} from '../../support/fake-provider.ts'
import { startTestProxy, type TestProxy, type TestProxyOptions } from '../../support/start-proxy.ts'

export const providerKey = 'sk-proj-Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4'

/** A proxy that records what passes between its clients and one provider that speaks all protocols. */
export interface RecordedRun {
  proxy: TestProxy
  provider: FakeProvider
  /** Of the captures. */
  folder: string
  ask(path: string, body: object, headers?: Record<string, string>, signal?: AbortSignal): Promise<string>
  /** What was recorded so far, in the order of opening; all of it is in the file. */
  recorded(): ReturnType<typeof readRecording>
  stop(): Promise<void>
}

export interface RecordedRunOptions extends TestProxyOptions {
  behaviour?: Behaviour
}

/** Stopped when the test ends; outside of one, by who started it. */
export async function startRecordedRun(options: RecordedRunOptions = {}): Promise<RecordedRun> {
  const { behaviour = everyProtocol, config = {}, ...others } = options
  const provider = await startFakeProvider(behaviour)
  const backend = (type: string, path: string, model: string) => ({
    ...{ type, api_url: `${provider.url}${path}`, api_key: providerKey, models: [model] },
  })
  const proxy = await startTestProxy({
    config: {
      backends: {
        one: { ...backend('openai', '/v1', 'gpt'), stream_usage: 'never' },
        two: backend('anthropic', '/v1', 'claude'),
        three: backend('gemini', '/v1beta', 'gem'),
      },
      wire_capture: { enabled: true, min_free_mb: 0, output_dir: 'taken' },
      health_check: { circuit_breaker_enabled: false },
      ...(config as object),
    },
    ...others,
  })
  const stop = async () => {
    await proxy.stop()
    await provider.close()
  }
  try {
    onTestFinished(stop)
  } catch {
    // In `beforeAll`.
  }
  const folder = join(proxy.folder, 'taken')
  const post = (path: string, body: object, headers = {}, signal?: AbortSignal) =>
    fetch(`${proxy.url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
      ...(signal && { signal }),
    })
  return {
    ...{ proxy, provider, folder, stop },
    ask: async (path, body, headers, signal) => (await post(path, body, headers, signal)).text(),
    async recorded() {
      await (await post('/internal/capture/save', {})).text()
      return readRecording(folder)
    },
  }
}

const toolCalls = [{ name: 'get_weather', arguments: { city: 'Paris' } }]
const pieces = ['Hello', ' there']
const usage = { prompt: 12, completion: 5 }

/** Says hello and calls a tool, in the protocol that it is asked in; a whole answer by another id each time. */
export function everyProtocol(request: RecordedRequest): ReturnType<typeof chatAnswer> {
  const [path = ''] = request.url.split('?')
  const streams = path.endsWith(':streamGenerateContent') || jsonBody(request).stream === true
  const id = `id_${request.receivedAtMs}`
  const text = pieces.join('')
  if (path.endsWith('/chat/completions'))
    return streams ? chatStream(pieces, { toolCalls, usage, id }) : chatAnswer({ text, toolCalls, usage, id })
  if (path.endsWith('/responses'))
    return streams
      ? responsesStream(pieces, { toolCalls, usage, id })
      : responsesAnswer({ text, toolCalls, usage, id })
  if (path.endsWith('/messages'))
    return streams
      ? anthropicStream(pieces, { toolCalls, usage, id })
      : anthropicAnswer({ text, toolCalls, usage, id })
  return streams
    ? geminiStream(pieces, { toolCalls, usage, id })
    : geminiAnswer({ text, toolCalls, usage, id })
}

/** A request of each protocol, as its clients send it. */
export function requestIn(protocol: ProtocolName, stream: boolean, model?: string) {
  const messages = [{ role: 'user', content: 'hi' }]
  switch (protocol) {
    case 'openai-chat':
      return { path: '/v1/chat/completions', body: { model: model ?? 'gpt', stream, messages } }
    case 'openai-responses':
      return { path: '/v1/responses', body: { model: model ?? 'gpt', stream, input: 'hi' } }
    case 'anthropic-messages':
      return { path: '/v1/messages', body: { model: model ?? 'claude', stream, max_tokens: 50, messages } }
    case 'gemini':
      return {
        path: `/v1beta/models/${model ?? 'gem'}:${stream ? 'streamGenerateContent?alt=sse' : 'generateContent'}`,
        body: { contents: [{ role: 'user', parts: [{ text: 'hi' }] }] },
      }
  }
}
