import type { Call } from '../../../../src/core/call.ts'
import type { Event } from '../../../../src/core/event.ts'
import { isObject, type Json, type JsonObject } from '../../../../src/core/json.ts'
import type { AnswerAbout, StreamEncoder, StreamFraming } from '../../../../src/core/protocol.ts'
import type { ProtocolName } from '../../../../src/core/protocol-name.ts'
import { gemini } from '../../../../src/protocols/gemini/index.ts'
import { emptyCall } from '../../../../src/protocols/translation/empty-call.ts'

/** Thoughts were asked for. */
const shown = { effort: null, budgetTokens: null, adaptive: false, visible: true }

/** For whom an answer is said: a Gemini client whose call has these wishes, of Claude's where nothing else is said. */
export function aboutFor(
  wishes: Partial<Call> = {},
  protocol: ProtocolName = 'anthropic-messages',
  framing: StreamFraming = 'sse',
): AnswerAbout {
  return {
    ...{ exchangeId: 'x_01jd0example', createdS: 1_767_614_400, framing },
    source: { protocol, model: 'backend-model' },
    call: { ...emptyCall({ model: 'm', stream: true }), reasoning: shown, ...wishes },
  }
}

/** A whole stream of these events, said event by event. */
export function streamed(
  events: readonly Event[],
  about: AnswerAbout = aboutFor(),
): { text: string; encoder: StreamEncoder } {
  const encoder = gemini.streamEncoder(about)
  return { text: events.map((event) => encoder.push([event])).join('') + encoder.end(), encoder }
}

/** The chunks of a stream, if its framing is right. */
export function chunksOf(stream: string, framing: StreamFraming = 'sse'): JsonObject[] {
  const list: Json = framing === 'sse' ? stream.split('\n\n').map(dataOf) : JSON.parse(stream)
  if (framing === 'sse' && Array.isArray(list) && list.pop() !== null)
    throw new Error('the last block is not whole')
  if (!Array.isArray(list) || !list.every(isObject)) throw new Error('not a list of objects')
  return list
}

function dataOf(block: string): Json {
  if (block === '') return null
  if (!block.startsWith('data: {') || block.includes('\n')) throw new Error(`not one data line: ${block}`)
  return JSON.parse(block.slice('data: '.length))
}

/** What the first candidate says in each chunk: its parts, and its end as a word. */
export function saidIn(stream: string, framing: StreamFraming = 'sse'): (JsonObject[] | string)[] {
  return chunksOf(stream, framing).flatMap((chunk) => {
    const [candidate] = chunk.candidates as { content?: { parts: JsonObject[] }; finishReason?: string }[]
    const parts = candidate?.content?.parts
    return [...(parts ? [parts] : []), ...(candidate?.finishReason ? [candidate.finishReason] : [])]
  })
}

/** What is wrong in a stream by the rules of its real clients. */
export function faultsOf(chunks: readonly JsonObject[]): string[] {
  const ended = new Set<number>()
  return chunks.flatMap(({ candidates, modelVersion, responseId }) => {
    const [candidate] = candidates as {
      index: number
      content?: { parts?: JsonObject[] }
      finishReason?: string
    }[]
    const parts = candidate?.content?.parts ?? []
    const faults = [
      ...(ended.has(candidate?.index ?? 0) ? ['a chunk behind the end'] : []),
      ...(candidate?.content && parts.length === 0 ? ['a content without parts'] : []),
      ...(parts.length > 1 && parts.some((part) => part.text === '') ? ['words beside an empty text'] : []),
      ...(parts.some((part) => isObject(part.functionCall) && !isObject(part.functionCall.args))
        ? ['no arguments']
        : []),
      ...(typeof modelVersion === 'string' && responseId === '01jd0example' ? [] : ['an anonymous chunk']),
    ]
    if (candidate?.finishReason) ended.add(candidate.index)
    return faults
  })
}
