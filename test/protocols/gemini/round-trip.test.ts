import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Call } from '../../../src/core/call.ts'
import type { AnswerAbout } from '../../../src/core/protocol.ts'
import { gemini } from '../../../src/protocols/gemini/index.ts'
import { foldEvents } from '../../../src/protocols/translation/fold-events.ts'
import { orderedTurns } from '../../../src/protocols/translation/tool-turns.ts'
import { arbitraryCall } from '../translation/arbitrary-call.ts'
import { arbitraryEvents } from '../translation/arbitrary-events.ts'

const target = { backendType: 'gemini', model: 'gemini-2.5-flash', askForUsage: false }

function aboutFor(call: Call): AnswerAbout {
  return {
    exchangeId: 'x_0123456789abcdefghij',
    createdS: 1_767_614_400,
    source: { protocol: 'anthropic-messages', model: 'm' },
    call,
    framing: 'sse',
  }
}

/** What Gemini says differently without losing it: later instructions are the user's, documents have no names. */
function asGeminiSaysIt(call: Call): Call {
  const messages = orderedTurns(call).map((message) => ({
    role: message.role,
    parts: message.parts.map((part) => {
      if (part.type !== 'document') return part
      const { name: _name, ...rest } = part
      return rest
    }),
  }))
  return { ...call, userId: null, stream: false, messages: messages as Call['messages'] }
}

describe('a call that is said in Gemini’s words and read again', () => {
  it('is the same but for what was named as lost', () => {
    const calls = arbitraryCall({ laterInstructions: false })
    fc.assert(
      fc.property(calls, (call) => {
        const { body, lost } = gemini.encodeRequest(call, target)
        const names = lost.map(({ loss }) => loss)
        expect(['document_name', 'image_url', 'user']).toEqual(expect.arrayContaining(names))
        fc.pre(!names.includes('image_url'))
        const again = gemini.decodeRequest(body, { model: call.model, stream: false })
        const expected = asGeminiSaysIt(call)
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
        const once = JSON.stringify(gemini.encodeRequest(call, target))
        expect(JSON.stringify(gemini.encodeRequest(structuredClone(call), target))).toBe(once)
      }),
    )
  })
})

describe('an answer that is said in Gemini’s words and read again', () => {
  const call = { tools: [], reasoning: { visible: true } } as unknown as Call
  /** Gemini says a refusal as text, and cites at the end. */
  const gathered = (events: Parameters<typeof foldEvents>[0]) => {
    const { choices, usage } = foldEvents(events, 'm')
    const parts = choices[0]?.parts ?? []
    const all = (type: string) =>
      parts.flatMap((part) => (part.type === type && 'text' in part ? [part.text] : [])).join('')
    return {
      text: all('text') + all('refusal'),
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

  it.each(['sse', 'json-array'] as const)('is the same as a stream framed as %s', (framing) => {
    fc.assert(
      fc.property(arbitraryEvents(), (events) => {
        const encoder = gemini.streamEncoder({ ...aboutFor(call), framing })
        const written = events.map((event) => encoder.push([event])).join('') + encoder.end()
        const decoder = gemini.streamDecoder(framing)
        const again = [...decoder.push(Buffer.from(written)), ...decoder.end()]
        expect(decoder.complete).toBe(true)
        expect(again.filter(({ type }) => type === 'unknown')).toEqual([])
        expect(gathered(again)).toEqual(gathered(events))
      }),
    )
  })

  it('is the same as a whole', () => {
    fc.assert(
      fc.property(arbitraryEvents(), (events) => {
        const { body } = gemini.encodeAnswer(foldEvents(events, 'm'), aboutFor(call))
        expect(gathered(gemini.decodeAnswer(body))).toEqual(gathered(events))
      }),
    )
  })
})
