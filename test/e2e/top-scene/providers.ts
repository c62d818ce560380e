import {
  anthropicError,
  anthropicFrames,
  chatFrames,
  delay,
  type FakeProvider,
  geminiError,
  geminiFrames,
  openaiError,
  paced,
  type RecordedRequest,
  responsesFrames,
  type Script,
  stall,
  startFakeProvider,
  streamHead,
  whole,
} from '../../support/fake-provider.ts'
import { type Play, playIn } from './play.ts'

/** About ten tokens, as `top` counts them. */
const words = 'so it goes on with a few more words and '
const tokensAPiece = words.length / 4

/** The names of the scene's backends; which are of one provider stand behind its dot. */
const backendNames = ['anthropic', 'openai', 'openai.batch', 'gemini', 'openrouter'] as const

export interface Providers {
  /** For the proxy's configuration. */
  backends: Record<string, object>
  close(): Promise<void>
}

/** A fake provider for each backend; they do what the requests say. `limits`: what their answers say of a quota. */
export async function startProviders(
  limits: (backend: string, asked: number) => Record<string, string> = () => ({}),
): Promise<Providers> {
  const all: FakeProvider[] = []
  const backends: Record<string, object> = {}
  for (const name of backendNames) {
    const type = name.split('.', 1)[0] ?? name
    let asked = 0
    const provider = await startFakeProvider((request) => answer(name, request, limits(name, ++asked)))
    all.push(provider)
    const path = type === 'gemini' ? '/v1beta' : '/v1'
    backends[name] = { type, api_url: provider.url + path, api_key: 'sk-000000000000000000000000' }
  }
  return { backends, close: () => Promise.all(all.map((one) => one.close())).then(() => {}) }
}

function answer(name: string, request: RecordedRequest, headers: Record<string, string>): Script {
  if (request.method !== 'POST') return whole(200, {})
  const body = request.body.toString()
  const play = playIn(body)
  const type = name.split('.', 1)[0] ?? name
  const { headMs = 30, status, failsAt = name } = play
  if (status !== undefined && failsAt === name) return [delay(headMs), ...failure(type, status, play)]
  return [delay(headMs), ...stream(framesOf(type, request, body, play), play, headers)]
}

function stream(frames: readonly string[], play: Play, headers: Record<string, string>): Script {
  const { firstMs = 100, tokensPerSecond = 80, silentMs, paddingBytes } = play
  const padding = paddingBytes === undefined ? '' : `: ${' '.repeat(paddingBytes)}\n`
  const everyMs = (tokensAPiece / tokensPerSecond) * 1_000
  const half = Math.ceil(frames.length / 2)
  const silence = silentMs === undefined ? [] : [silentMs < 0 ? stall() : delay(silentMs)]
  return [
    streamHead(headers),
    paced(frames.slice(0, 1)),
    delay(firstMs),
    paced(
      frames.slice(1, half).map((frame) => padding + frame),
      everyMs,
    ),
    ...silence,
    paced(
      frames.slice(half).map((frame) => padding + frame),
      everyMs,
    ),
  ]
}

function framesOf(type: string, { url }: RecordedRequest, body: string, play: Play): string[] {
  const { tokens = 60, promptTokens = 1_000, cachedTokens = 0, tool } = play
  const pieces = Array.from({ length: Math.max(1, Math.round(tokens / tokensAPiece)) }, () => words)
  const usage = { prompt: promptTokens, completion: tokens, cached: cachedTokens }
  // Arguments that differ from call to call: the same ones again and again would be a loop.
  const toolCalls = tool === undefined ? [] : [{ name: tool, arguments: { at: body.length + tokens } }]
  const [, model = modelInPath(url)] = /"model":"([^"]*)"/.exec(body) ?? []
  const options = { model, usage, ...(toolCalls.length > 0 && { toolCalls }) }
  if (type === 'anthropic') {
    const own = { ...usage, prompt: promptTokens - cachedTokens }
    return anthropicFrames(pieces, { ...options, usage: own })
  }
  if (type === 'gemini') return geminiFrames(pieces, options)
  return url.includes('/responses') ? responsesFrames(pieces, options) : chatFrames(pieces, options)
}

function modelInPath(url: string): string {
  return /models\/([^:]+):/.exec(url)?.[1] ?? ''
}

function failure(type: string, status: number, { retryAfter }: Play): Script {
  const error = retryAfter === undefined ? {} : { retryAfter }
  if (type === 'anthropic') return anthropicError(status, error)
  if (type === 'gemini') {
    return geminiError(status, { ...error, message: 'The model is overloaded. Please try again later.' })
  }
  if (status === 429) return openaiError(status, { ...error, message: 'Rate limit reached for requests.' })
  return openaiError(status, { ...error, message: 'The upstream provider is unavailable.' })
}
