import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { AnswerPart } from '../../../src/core/answer.ts'
import type { AssistantPart, Call, UserPart } from '../../../src/core/call.ts'
import type { Event } from '../../../src/core/event.ts'
import { isObject, type Json, type JsonObject } from '../../../src/core/json.ts'
import { openAiChat } from '../../../src/protocols/openai-chat/index.ts'
import { foldEvents } from '../../../src/protocols/translation/fold-events.ts'
import { orderedTurns } from '../../../src/protocols/translation/tool-turns.ts'
import { chunkSizes, cutBytes, decodePieces, utf8 } from '../../support/chunking.ts'
import { arbitraryCall } from '../translation/arbitrary-call.ts'
import { arbitraryEvents } from '../translation/arbitrary-events.ts'
import { aboutFor, blocksOf, streamOf } from './an-answer.ts'

const target = { backendType: 'openai', model: 'gpt-4o', askForUsage: false }
const about = aboutFor({ usageAsked: true })
const { model } = about.source

/** What chat says differently without losing it: one text per instruction and answer, no tool names in results. */
function asChatSaysIt(call: Call): Call {
  const messages = orderedTurns(call).map((message) => ({
    ...message,
    parts: message.parts.map((part) => {
      if (part.type !== 'tool_result') return part
      const { name: _name, ...rest } = part
      return rest
    }),
  }))
  return { ...call, usageAsked: false, messages: messages as Call['messages'] }
}

describe('a call that is said in chat and read again', () => {
  it('is the same but for what was named as lost', () => {
    const calls = arbitraryCall({ toolErrors: false, customTools: true, output: true })
    fc.assert(
      fc.property(calls, (call) => {
        const { body, lost } = openAiChat.encodeRequest(call, target)
        expect(lost.map(({ loss }) => loss)).toEqual(call.topK === null ? [] : ['top_k'])
        const again = openAiChat.decodeRequest(body, { model: call.model, stream: call.stream })
        const expected = asChatSaysIt(call)
        const messages = orderedTurns(again)
        expect({ ...again, messages }).toEqual({ ...expected, topK: null, toolChoice: again.toolChoice })
        // A choice among no tools is none.
        expect(again.toolChoice).toEqual(call.tools.length === 0 ? null : call.toolChoice)
      }),
    )
  })

  it('is the same bytes each time, at every kind of backend', () => {
    const backendTypes = fc.constantFrom('openai', 'mistral', 'deepseek', 'openrouter', 'vllm')
    fc.assert(
      fc.property(arbitraryCall({ customTools: true, output: true }), backendTypes, (call, backendType) => {
        const at = { ...target, backendType }
        const once = JSON.stringify(openAiChat.encodeRequest(call, at))
        expect(JSON.stringify(openAiChat.encodeRequest(structuredClone(call), at))).toBe(once)
      }),
    )
  })

  it('loses no words at any kind of backend', () => {
    const backendTypes = fc.constantFrom('mistral', 'deepseek', 'groq', 'vllm')
    fc.assert(
      fc.property(arbitraryCall({ documents: false }), backendTypes, (call, backendType) => {
        const { body } = openAiChat.encodeRequest(call, { ...target, backendType })
        const written = JSON.stringify(body.messages)
        for (const { parts } of call.messages) {
          for (const part of parts) {
            if (part.type === 'text') expect(written).toContain(JSON.stringify(part.text).slice(1, -1))
          }
        }
      }),
    )
  })
})

/** Chat has one text and one chain of thought, wherever they stood. */
function gathered(events: readonly Event[]) {
  const { choices, usage } = foldEvents(events, model)
  const parts = choices[0]?.parts ?? []
  const all = (type: string) =>
    parts.flatMap((part) => (part.type === type && 'text' in part ? [part.text] : [])).join('')
  return {
    text: all('text'),
    refusal: all('refusal'),
    reasoning: all('reasoning').replaceAll('\n\n', ''),
    calls: parts.filter((part) => part.type === 'tool_call'),
    media: parts.filter((part) => part.type === 'media'),
    citations: parts
      .flatMap((part) => (part.type === 'text' ? (part.citations ?? []) : []))
      .map(({ url }) => url),
    reason: choices[0]?.end.reason,
    usage,
  }
}

describe('an answer that is said in chat and read again', () => {
  const answers = arbitraryEvents({ interleaved: true })

  it('is the same as a stream', () => {
    fc.assert(
      fc.property(answers, (events) => {
        const decoder = openAiChat.streamDecoder('sse')
        const again = [...decoder.push(utf8(streamOf(events, about))), ...decoder.end()]
        expect(decoder.complete).toBe(true)
        expect(again.filter(({ type }) => type === 'unknown')).toEqual([])
        expect(gathered(again)).toEqual(gathered(events))
      }),
    )
  })

  it('is the same events however the stream is cut', () => {
    fc.assert(
      fc.property(answers, chunkSizes, (events, sizes) => {
        const bytes = utf8(streamOf(events, about))
        const whole = decodePieces(openAiChat.streamDecoder('sse'), [bytes])
        expect(decodePieces(openAiChat.streamDecoder('sse'), cutBytes(bytes, sizes))).toEqual(whole)
      }),
      { numRuns: 40 },
    )
  })

  it('is the same as a whole', () => {
    fc.assert(
      fc.property(answers, (events) => {
        const { body } = openAiChat.encodeAnswer(foldEvents(events, model), about)
        expect(gathered(openAiChat.decodeAnswer(body))).toEqual(gathered(events))
      }),
    )
  })
})

/** What a client keeps of a stream: strings and arguments added up, lists appended. */
function messageOf(stream: string): JsonObject {
  const message: JsonObject = {}
  const calls: JsonObject[] = []
  for (const block of blocksOf(stream)) {
    const [choice] = block === '[DONE]' || !Array.isArray(block.choices) ? [] : block.choices
    const delta = isObject(choice) && isObject(choice.delta) ? choice.delta : {}
    const { tool_calls, ...rest } = delta
    for (const call of Array.isArray(tool_calls) ? tool_calls : []) {
      if (isObject(call)) calls[Number(call.index)] = added(calls[Number(call.index)] ?? {}, call)
    }
    Object.assign(message, added(message, rest))
  }
  return { ...message, ...(calls.length > 0 && { tool_calls: calls }) }
}

function added(to: JsonObject, more: JsonObject): JsonObject {
  const entries = Object.entries(more).map(([key, value]): [string, Json | undefined] => {
    const before = to[key]
    if (typeof before === 'string' && typeof value === 'string') return [key, before + value]
    if (Array.isArray(before) && Array.isArray(value)) return [key, [...before, ...value]]
    return isObject(before) && isObject(value) ? [key, added(before, value)] : [key, value ?? before]
  })
  return { ...to, ...Object.fromEntries(entries) }
}

type Part = AnswerPart | AssistantPart | UserPart

/** Thoughts without a state next to each other are one chain of thought to chat. */
function thoughtsIn(parts: readonly Part[]) {
  const thoughts: { text: string; state: unknown }[] = []
  for (const part of parts) {
    if (part.type !== 'reasoning') continue
    const last = thoughts.at(-1)
    if (last && last.state === undefined && part.state === undefined) last.text += `\n\n${part.text}`
    else thoughts.push({ text: part.text, state: part.state })
  }
  return thoughts
}

function callsIn(parts: readonly Part[]) {
  return parts.filter((part) => part.type === 'tool_call')
}

describe('what only the model can read', () => {
  const answers = arbitraryEvents({ states: true, interleaved: true, citations: false, media: false })
  const readAgain = (message: JsonObject) =>
    openAiChat.decodeRequest({ messages: [message] }, { model: 'm', stream: false }).messages[0]?.parts ?? []

  it('comes back from a client of chat with exactly the thought or call that it belongs to', () => {
    fc.assert(
      fc.property(answers, (events) => {
        const parts = foldEvents(events, model).choices[0]?.parts ?? []
        const { body } = openAiChat.encodeAnswer(foldEvents(events, model), about)
        const [choice] = body.choices as { message: JsonObject }[]
        for (const message of [choice?.message ?? {}, messageOf(streamOf(events, about))]) {
          expect(thoughtsIn(readAgain(message))).toEqual(thoughtsIn(parts))
          expect(callsIn(readAgain(message))).toEqual(callsIn(parts))
        }
      }),
    )
  })
})
