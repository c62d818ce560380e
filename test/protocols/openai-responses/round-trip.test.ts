import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Call } from '../../../src/core/call.ts'
import type { AnswerAbout } from '../../../src/core/protocol.ts'
import { openAiResponses } from '../../../src/protocols/openai-responses/index.ts'
import { foldEvents } from '../../../src/protocols/translation/fold-events.ts'
import { orderedTurns } from '../../../src/protocols/translation/tool-turns.ts'
import { arbitraryCall } from '../translation/arbitrary-call.ts'
import { arbitraryEvents } from '../translation/arbitrary-events.ts'

const target = { backendType: 'openai', model: 'gpt-4o', askForUsage: false }

function aboutFor(call: Call): AnswerAbout {
  return {
    exchangeId: 'x_0123456789abcdefghij',
    createdS: 1_767_614_400,
    source: { protocol: 'anthropic-messages', model: 'm' },
    call,
    framing: 'sse',
  }
}

/** What Responses says differently without losing it: results do not name their tool, pictures have a detail. */
function asResponsesSayIt(call: Call): Call {
  const messages = orderedTurns(call).map((message) => ({
    role: message.role,
    parts: message.parts.map((part) => {
      if (part.type === 'image') return { ...part, detail: 'auto' }
      if (part.type !== 'tool_result') return part
      const { name: _name, ...rest } = part
      return rest
    }),
  }))
  const tools = call.tools.map((tool) => ({ ...tool, strict: false }))
  const unsaid = {
    topK: null,
    seed: null,
    frequencyPenalty: null,
    presencePenalty: null,
    stop: [],
    store: false,
  }
  return { ...call, ...unsaid, tools: tools as Call['tools'], messages: messages as Call['messages'] }
}

describe('a call that is said in Responses’ words and read again', () => {
  it('is the same but for what was named as lost', () => {
    const calls = arbitraryCall({ toolErrors: false })
    fc.assert(
      fc.property(calls, (call) => {
        const { body, lost } = openAiResponses.encodeRequest(call, target)
        const names = lost.map(({ loss }) => loss)
        expect(['top_k', 'seed', 'stop', 'frequency_penalty', 'presence_penalty']).toEqual(
          expect.arrayContaining(names),
        )
        const again = openAiResponses.decodeRequest(body, { model: call.model, stream: call.stream })
        const expected = asResponsesSayIt(call)
        const messages = orderedTurns(again)
        expect({ ...again, messages }).toEqual({ ...expected, toolChoice: again.toolChoice })
        // A choice among no tools is none.
        expect(again.toolChoice).toEqual(call.tools.length === 0 ? null : call.toolChoice)
      }),
    )
  })

  it('is the same bytes each time', () => {
    fc.assert(
      fc.property(arbitraryCall(), (call) => {
        const once = JSON.stringify(openAiResponses.encodeRequest(call, target))
        expect(JSON.stringify(openAiResponses.encodeRequest(structuredClone(call), target))).toBe(once)
      }),
    )
  })
})

describe('an answer that is said in Responses’ words and read again', () => {
  const call = { tools: [], reasoning: { visible: true } } as unknown as Call
  /** Words that follow each other are one message. */
  const gathered = (events: Parameters<typeof foldEvents>[0]) => {
    const { choices, usage } = foldEvents(events, 'm')
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

  it('is the same as a stream', () => {
    fc.assert(
      fc.property(arbitraryEvents(), (events) => {
        const encoder = openAiResponses.streamEncoder(aboutFor(call))
        const written = events.map((event) => encoder.push([event])).join('') + encoder.end()
        const decoder = openAiResponses.streamDecoder('sse')
        const again = [...decoder.push(Buffer.from(written)), ...decoder.end()]
        expect(decoder.complete).toBe(true)
        expect(again.filter(({ type }) => type === 'unknown')).toEqual([])
        expect(gathered(again)).toEqual(gathered(events))
      }),
    )
  })

  it('is a stream whose events are numbered in the order of the wire, also where it begins with a state', () => {
    const state = { protocol: 'anthropic-messages', kind: 'redacted', data: 'x' } as const
    const begins = fc.constantFrom([], [{ type: 'state' as const, state, on: null }])
    fc.assert(
      fc.property(begins, arbitraryEvents(), (first, events) => {
        const encoder = openAiResponses.streamEncoder(aboutFor(call))
        const all = [...first, ...events]
        const written = all.map((event) => encoder.push([event])).join('') + encoder.end()
        const numbers = [...written.matchAll(/"sequence_number":(\d+)/g)].map(([, number]) => Number(number))
        expect(numbers).toEqual(numbers.map((_, i) => i))
      }),
    )
  })

  it('is the same as a whole', () => {
    fc.assert(
      fc.property(arbitraryEvents(), (events) => {
        const { body } = openAiResponses.encodeAnswer(foldEvents(events, 'm'), aboutFor(call))
        expect(gathered(openAiResponses.decodeAnswer(body))).toEqual(gathered(events))
      }),
    )
  })
})
