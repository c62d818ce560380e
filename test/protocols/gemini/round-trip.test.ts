import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { AnswerPart } from '../../../src/core/answer.ts'
import type { AssistantPart, Call, ReasoningState, UserPart } from '../../../src/core/call.ts'
import type { Event } from '../../../src/core/event.ts'
import type { JsonObject } from '../../../src/core/json.ts'
import type { StreamFraming } from '../../../src/core/protocol.ts'
import { gemini } from '../../../src/protocols/gemini/index.ts'
import { foldEvents } from '../../../src/protocols/translation/fold-events.ts'
import { orderedTurns } from '../../../src/protocols/translation/tool-turns.ts'
import { chunkSizes, cutBytes, decodePieces, utf8 } from '../../support/chunking.ts'
import { arbitraryCall } from '../translation/arbitrary-call.ts'
import { arbitraryEvents, tangledEvents } from '../translation/arbitrary-events.ts'
import { aboutFor, chunksOf, faultsOf, streamed } from './answer/an-answer.ts'
import { messagesOf } from './request/a-call.ts'

const target = { backendType: 'gemini', model: 'gemini-3-flash-preview', askForUsage: false }

/** What Gemini says differently without losing it: documents have no names, formats neither, pieces of an answer are one. */
function asGeminiSaysIt(call: Call): Call {
  const messages = orderedTurns(call).map((message) => ({
    role: message.role,
    parts: resultsWithPictures(message.parts as UserPart[]).map((part) => {
      if (part.type !== 'document') return part
      const { name: _name, ...rest } = part
      return rest
    }),
  })) as Call['messages']
  const output =
    call.output?.type === 'json_schema' ? { ...call.output, name: null, strict: null } : call.output
  // A choice among no tools is none.
  const toolChoice = call.tools.length === 0 ? null : call.toolChoice
  return { ...call, userId: null, stream: false, toolChoice, output, messages }
}

/** A picture behind a result, in a turn without words, is that result's. */
function resultsWithPictures(parts: readonly UserPart[]): UserPart[] {
  const made: UserPart[] = []
  const speaks = parts.some(({ type }) => type === 'text')
  for (const part of parts) {
    const last = made.at(-1)
    const isSeen = part.type === 'image' || part.type === 'document'
    if (last?.type !== 'tool_result' || speaks || !isSeen) made.push(part)
    else {
      const { name: _name, ...seen } = { name: '', ...part }
      made[made.length - 1] = { ...last, content: [...last.content, seen] } as UserPart
    }
  }
  return made
}

describe('a call that is said in Gemini’s words and read again', () => {
  it('is the same but for what was named as lost', () => {
    const calls = arbitraryCall({ laterInstructions: false, output: true })
    fc.assert(
      fc.property(calls, (call) => {
        fc.pre(call.output?.type !== 'json_schema' || call.output.description === null)
        const { body, lost } = gemini.encodeRequest(call, target)
        const hasNames = JSON.stringify(call.messages).includes('"name":"a.pdf"')
        expect(lost.map(({ loss }) => loss).sort()).toEqual([
          ...(hasNames ? ['document_name'] : []),
          ...(call.userId === null ? [] : ['user']),
        ])
        const again = gemini.decodeRequest(body, { model: call.model, stream: false })
        expect(again.messages).toEqual(orderedTurns(again))
        expect(withoutSentinels(again)).toEqual(withMediaTypes(asGeminiSaysIt(call)))
      }),
    )
  })

  it('is the same bytes each time', () => {
    fc.assert(
      fc.property(arbitraryCall({ customTools: true, output: true }), (call) => {
        const once = JSON.stringify(gemini.encodeRequest(call, target))
        expect(JSON.stringify(gemini.encodeRequest(structuredClone(call), target))).toBe(once)
      }),
    )
  })

  it('has turns that alternate from the user on, and a response for every call right behind it', () => {
    fc.assert(
      fc.property(arbitraryCall({ customTools: true, output: true }), (call) => {
        const { body } = gemini.encodeRequest(call, { ...target, model: 'gemini-2.5-pro' })
        const contents = body.contents as { role: string; parts: JsonObject[] }[]
        expect(contents.map(({ role }) => role)).toEqual(
          contents.map((_content, at) => (at % 2 === 0 ? 'user' : 'model')),
        )
        for (const [at, { parts }] of contents.entries()) {
          const called = parts.flatMap(
            ({ functionCall }) => (functionCall as JsonObject | undefined)?.name ?? [],
          )
          const answered = (contents[at + 1]?.parts ?? []).flatMap(
            ({ functionResponse }) => (functionResponse as JsonObject | undefined)?.name ?? [],
          )
          if (called.length > 0) expect(answered).toEqual(called)
          expect(parts).not.toHaveLength(0)
        }
      }),
    )
  })
})

/** The first call of a turn has our word for a signature that is not there: it is read as none. */
function withoutSentinels(call: Call): Call {
  expect(JSON.stringify(call)).not.toContain('skip_thought_signature_validator')
  return call
}

/** The URL's type is told, as its name says it. */
function withMediaTypes(call: Call): Call {
  return JSON.parse(
    JSON.stringify(call).replaceAll(
      '"url":"https://example.com/a.png","mediaType":null',
      '"url":"https://example.com/a.png","mediaType":"image/png"',
    ),
  )
}

/** Gemini says a refusal as text, and cites at the end. */
function gathered(events: Iterable<Event>) {
  const { choices, usage } = foldEvents(events, 'm')
  const parts = choices[0]?.parts ?? []
  const all = (type: string) =>
    parts.flatMap((part) => (part.type === type && 'text' in part ? [part.text] : [])).join('')
  return {
    text: all('text') + all('refusal'),
    reasoning: all('reasoning').replaceAll('\n\n', ''),
    calls: parts.filter((part) => part.type === 'tool_call'),
    media: parts.filter((part) => part.type === 'media'),
    // Each source once.
    citations: new Set(
      parts.flatMap((part) => (part.type === 'text' ? (part.citations ?? []) : [])).map(({ title }) => title),
    ),
    reason: choices[0]?.end.reason,
    usage,
  }
}

describe.each<StreamFraming>(['sse', 'json-array'])('a stream framed as %s', (framing) => {
  const about = aboutFor({}, 'anthropic-messages', framing)
  const answers = arbitraryEvents({ interleaved: true })

  it('that is said in Gemini’s words and read again is the same, by the rules of its clients', () => {
    fc.assert(
      fc.property(answers, (events) => {
        const { text } = streamed(events, about)
        expect(faultsOf(chunksOf(text, framing))).toEqual([])
        const decoder = gemini.streamDecoder(framing)
        const again = [...decoder.push(utf8(text)), ...decoder.end()]
        expect(decoder.complete).toBe(true)
        expect(again.filter(({ type }) => type === 'unknown' || type === 'content')).toEqual([])
        expect(gathered(again)).toEqual(gathered(events))
      }),
    )
  })

  it('is the same events however it is cut', () => {
    fc.assert(
      fc.property(answers, chunkSizes, (events, sizes) => {
        const bytes = utf8(streamed(events, about).text)
        const whole = decodePieces(gemini.streamDecoder(framing), [bytes])
        expect(decodePieces(gemini.streamDecoder(framing), cutBytes(bytes, sizes))).toEqual(whole)
      }),
      { numRuns: 40 },
    )
  })
})

describe('an answer in any order', () => {
  it('of two answers mixed into one still keeps the rules', () => {
    fc.assert(
      fc.property(tangledEvents, (events) => {
        expect(faultsOf(chunksOf(streamed(events).text))).toEqual([])
      }),
    )
  })

  it('is the same as a whole', () => {
    fc.assert(
      fc.property(arbitraryEvents(), (events) => {
        const { body } = gemini.encodeAnswer(foldEvents(events, 'm'), aboutFor())
        expect(gathered(gemini.decodeAnswer(body))).toEqual(gathered(events))
      }),
    )
  })
})

type Part = AnswerPart | AssistantPart

/** What of an answer a client can send back: no sound of tools, a refusal as text, thoughts next to each other one. */
function kept(parts: readonly Part[]): unknown[] {
  const made: { type: string; text?: string; state?: ReasoningState }[] = []
  for (const part of parts) {
    const last = made.at(-1)
    const type = part.type === 'refusal' ? 'text' : part.type
    const isOne = (type === 'text' || type === 'reasoning') && last?.type === type && !last.state
    if (!('text' in part)) made.push(part as { type: string })
    else if (isOne)
      made[made.length - 1] = { ...last, ...stateOf(part), type, text: (last.text ?? '') + part.text }
    else made.push({ type, text: part.text, ...stateOf(part) })
  }
  return made
}

function stateOf(part: Part): { state?: ReasoningState } {
  if (!('state' in part) || !part.state) return {}
  return { state: part.state }
}

describe('what only the model can read', () => {
  it('comes back from a client with exactly the thought or call that it belongs to', () => {
    const answers = arbitraryEvents({ states: true, interleaved: true, citations: false, media: false })
    fc.assert(
      fc.property(answers, (events) => {
        const { body } = gemini.encodeAnswer(foldEvents(events, 'backend-model'), aboutFor())
        const [whole] = body.candidates as { content: JsonObject }[]
        const chunks = chunksOf(streamed(events).text).map(
          ({ candidates }) => (candidates as { content: JsonObject }[])[0]?.content ?? {},
        )
        const parts = foldEvents(events, 'backend-model').choices[0]?.parts ?? []
        for (const sentBack of [[whole?.content ?? {}], chunks]) {
          const [message] = messagesOf(...sentBack)
          expect(kept((message?.parts ?? []) as AssistantPart[])).toEqual(kept(parts.map(asNative)))
        }
      }),
    )
  })
})

/** A signature of Gemini's own is not sealed: it belongs to no model of ours. */
function asNative(part: AnswerPart): AnswerPart {
  if (!('state' in part) || part.state?.protocol !== 'gemini') return part
  return { ...part, state: { ...part.state, model: null } }
}
