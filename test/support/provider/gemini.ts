import { sseBlock } from '../sse-text.ts'
import {
  defaultUsage,
  type FakeAnswer,
  type FakeStream,
  type FakeToolCall,
  type FakeUsage,
} from './answer-options.ts'
import { streamHead, whole } from './encoded.ts'
import { head, paced, type Script } from './steps.ts'

/** A whole gemini answer. */
export function geminiAnswer(options: FakeAnswer = {}): Script {
  return whole(200, geminiAnswerBody(options), { ...(options.headers && { headers: options.headers }) })
}

export function geminiAnswerBody(options: FakeAnswer = {}): Record<string, unknown> {
  const text = options.text ?? (options.toolCalls ? undefined : 'Hello from the provider.')
  const parts = [...(text === undefined ? [] : [{ text }]), ...(options.toolCalls ?? []).map(functionCall)]
  return chunk(options, parts, options.usage ?? defaultUsage, 'STOP')
}

/** A streamed gemini answer as server-sent events (`alt=sse`). */
export function geminiStream(
  pieces: readonly string[] = ['Hello', ' there'],
  options: FakeStream = {},
): Script {
  return [streamHead(options.headers), paced(geminiFrames(pieces, options), options.everyMs)]
}

/** The same as one JSON array, which comes without `alt=sse`. */
export function geminiArrayStream(
  pieces: readonly string[] = ['Hello', ' there'],
  options: FakeStream = {},
): Script {
  const chunks = geminiChunks(pieces, options).map((one) => JSON.stringify(one))
  const parts = chunks.map((one, index) => `${index === 0 ? '[' : ',\r\n'}${one}`)
  return [
    head(200, { 'content-type': 'application/json; charset=UTF-8', ...options.headers }),
    paced([...parts, ']'], options.everyMs),
  ]
}

/** The blocks of `geminiStream`, each complete with its blank line. */
export function geminiFrames(pieces: readonly string[], options: FakeStream = {}): string[] {
  return geminiChunks(pieces, options).map((one) => sseBlock(one))
}

function geminiChunks(pieces: readonly string[], options: FakeStream): Record<string, unknown>[] {
  const usage = options.usage ?? defaultUsage
  const early = { ...usage, completion: 1 }
  return [
    ...pieces.map((text) => chunk(options, [{ text }], early)),
    ...(options.toolCalls ?? []).map((call) => chunk(options, [functionCall(call)], early)),
    chunk(options, [{ text: '' }], usage, 'STOP'),
  ]
}

function chunk(
  options: { id?: string; model?: string },
  parts: unknown[],
  usage: FakeUsage,
  finishReason?: string,
): Record<string, unknown> {
  return {
    candidates: [{ content: { parts, role: 'model' }, ...(finishReason && { finishReason }), index: 0 }],
    usageMetadata: {
      promptTokenCount: usage.prompt,
      candidatesTokenCount: usage.completion,
      totalTokenCount: usage.prompt + usage.completion,
      ...(usage.cached !== undefined && { cachedContentTokenCount: usage.cached }),
      promptTokensDetails: [{ modality: 'TEXT', tokenCount: usage.prompt }],
    },
    modelVersion: options.model ?? 'gemini-fake',
    responseId: options.id ?? 'fake-response-1',
  }
}

function functionCall(call: FakeToolCall): Record<string, unknown> {
  return { functionCall: { name: call.name, args: call.arguments, ...(call.id && { id: call.id }) } }
}
