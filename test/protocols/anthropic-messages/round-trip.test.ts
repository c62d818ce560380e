import Anthropic from '@anthropic-ai/sdk'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { AnswerPart } from '../../../src/core/answer.ts'
import type { AssistantPart, Call, Citation, ReasoningState } from '../../../src/core/call.ts'
import type { Event } from '../../../src/core/event.ts'
import type { Json } from '../../../src/core/json.ts'
import type { AnswerAbout } from '../../../src/core/protocol.ts'
import { anthropicMessages } from '../../../src/protocols/anthropic-messages/index.ts'
import { foldEvents } from '../../../src/protocols/translation/fold-events.ts'
import { orderedTurns } from '../../../src/protocols/translation/tool-turns.ts'
import { arbitraryCall } from '../translation/arbitrary-call.ts'
import { arbitraryEvents, tangledEvents } from '../translation/arbitrary-events.ts'
import { anAbout, streamed } from './answer/an-answer.ts'
import { faultsOf } from './answer/grammar.ts'

/** A call as it is after it was said in this protocol to a model, and what was lost of it. */
function again(call: Call, model: string): { call: Call; lost: string[] } {
  const target = { backendType: 'anthropic', model, askForUsage: false }
  const { body, lost } = anthropicMessages.encodeRequest(call, target)
  const read = anthropicMessages.decodeRequest(body, { model: '', stream: false })
  return { call: { ...read, messages: orderedTurns(read) }, lost: lost.map(({ loss }) => loss) }
}

/** What this protocol says differently without losing it: results without the names of their tools. */
function asSaid(call: Call, model: string, defaultLimit: number): Call {
  const messages = orderedTurns(call).map((message) => ({
    ...message,
    parts: message.parts.map((part) => {
      if (part.type !== 'tool_result') return part
      const { name: _name, ...rest } = part
      return rest
    }),
  })) as Call['messages']
  // A choice among no tools is none.
  const toolChoice = call.tools.length === 0 ? null : call.toolChoice
  return { ...call, model, messages, toolChoice, maxOutputTokens: call.maxOutputTokens ?? defaultLimit }
}

test('a call that is said and read again is the same but for what was named as lost', () => {
  const calls = arbitraryCall({ laterInstructions: false })
  fc.assert(
    fc.property(calls, (call) => {
      const read = again(call, 'claude-sonnet-4-5')
      const has = (loss: string) => read.lost.includes(loss)
      expect(['seed', 'frequency_penalty', 'presence_penalty', 'top_p']).toEqual(
        expect.arrayContaining(read.lost),
      )
      expect(has('seed')).toBe(call.seed !== null)
      expect(has('frequency_penalty')).toBe(Boolean(call.frequencyPenalty))
      expect(has('presence_penalty')).toBe(Boolean(call.presencePenalty))
      const both = call.temperature !== null && call.topP !== null
      expect(read.call).toEqual({
        ...asSaid(call, 'claude-sonnet-4-5', 64_000),
        ...{ seed: null, frequencyPenalty: null, presencePenalty: null },
        topP: both ? null : call.topP,
      })
    }),
  )
})

test('so is one with instructions in the middle, for a model that takes them', () => {
  fc.assert(
    fc.property(arbitraryCall({ sampling: false }), (call) => {
      const read = again(call, 'claude-opus-4-8')
      expect(read.lost).toEqual([])
      expect(read.call).toEqual(asSaid(call, 'claude-opus-4-8', 128_000))
    }),
  )
})

test('the same call is the same bytes', () => {
  const target = { backendType: 'anthropic', model: 'claude-sonnet-4-5', askForUsage: false }
  fc.assert(
    fc.property(arbitraryCall({ customTools: true, output: true }), (call) => {
      const once = JSON.stringify(anthropicMessages.encodeRequest(call, target))
      expect(JSON.stringify(anthropicMessages.encodeRequest(structuredClone(call), target))).toBe(once)
    }),
  )
})

test('whatever is asked, turns alternate, the user begins, and results stand first', () => {
  const target = { backendType: 'anthropic', model: 'claude-sonnet-4-5', askForUsage: false }
  fc.assert(
    fc.property(arbitraryCall({ customTools: true, output: true }), (call) => {
      const { body } = anthropicMessages.encodeRequest(call, target)
      const messages = body.messages as { role: string; content: { type: string }[] }[]
      expect(messages.map(({ role }) => role)).toEqual(
        messages.map((_message, at) => (at % 2 === 0 ? 'user' : 'assistant')),
      )
      for (const { content } of messages) {
        const results = content.map(({ type }) => type === 'tool_result')
        expect(results).toEqual([...results].sort((a, b) => Number(b) - Number(a)))
        expect(content).not.toHaveLength(0)
      }
    }),
  )
})

/** What a client sends back of an answer, as the next call reads it. */
function echoed(content: Json): AssistantPart[] {
  const body = { messages: [{ role: 'assistant', content }] }
  const { messages } = anthropicMessages.decodeRequest(body, { model: '', stream: false })
  return together((messages[0]?.parts ?? []) as AssistantPart[])
}

/** What of an answer comes back: no media, a refusal as text, citations without their place. */
function expected(events: readonly Event[]): AssistantPart[] {
  const { choices } = foldEvents(events, 'backend-model')
  return together((choices[0]?.parts ?? []).flatMap(echoOf))
}

function echoOf(part: AnswerPart): AssistantPart[] {
  if (part.type === 'media' || part.type === 'server_tool') return []
  if (part.type === 'refusal') return [{ type: 'text', text: part.text }]
  const state = part.state && { state: native(part.state) }
  if (part.type !== 'text') return [{ ...part, ...state }]
  const citations = part.citations?.map((citation): Citation => ({ ...citation, start: null, end: null }))
  return [{ ...part, ...state, ...(citations && { citations }) }]
}

/** A state of the client's own protocol is not sealed: it belongs to no model of ours. */
function native(state: ReasoningState): ReasoningState {
  return state.protocol === 'anthropic-messages' ? { ...state, model: null } : state
}

/** Where one block ends and the next of its kind begins makes no difference, unless a state stands between. */
function together(parts: readonly AssistantPart[]): AssistantPart[] {
  const joined: AssistantPart[] = []
  for (const part of parts) {
    const last = joined.at(-1)
    if (part.type === 'text' && last?.type === 'text') {
      const citations = [...(last.citations ?? []), ...(part.citations ?? [])]
      joined[joined.length - 1] = {
        ...last,
        text: last.text + part.text,
        ...(citations.length > 0 && { citations }),
      }
    } else if (part.type === 'reasoning' && last?.type === 'reasoning' && !last.state && part.text !== '') {
      joined[joined.length - 1] = { ...part, text: last.text + part.text }
    } else joined.push(part)
  }
  return joined
}

const answers = arbitraryEvents({ states: true })
const about: AnswerAbout = anAbout('gemini')

test('a whole answer comes back from the client as it was', () => {
  fc.assert(
    fc.property(answers, (events) => {
      const { body } = anthropicMessages.encodeAnswer(foldEvents(events, 'backend-model'), about)
      expect(echoed(body.content ?? [])).toEqual(expected(events))
    }),
  )
})

test('so does a streamed one, put together by the official SDK', async () => {
  await fc.assert(
    fc.asyncProperty(answers, async (events) => {
      const { text, said } = streamed(events, about)
      expect(faultsOf(said)).toEqual([])
      const message = await sdkMessage(text)
      expect(echoed(JSON.parse(JSON.stringify(message.content)))).toEqual(expected(events))
      const usage = events.find((event) => event.type === 'usage')?.usage
      expect(message.usage.output_tokens).toBe(usage?.completionTokens ?? 0)
    }),
    { numRuns: 60 },
  )
})

test('a stream and a whole answer end alike, and our own decoder reads both alike', () => {
  fc.assert(
    fc.property(answers, (events) => {
      const { body } = anthropicMessages.encodeAnswer(foldEvents(events, 'backend-model'), about)
      const decoder = anthropicMessages.streamDecoder('sse')
      const read = [...decoder.push(Buffer.from(streamed(events, about).text)), ...decoder.end()]
      expect(decoder.complete).toBe(true)
      expect(read.filter(({ type }) => type === 'unknown' || type === 'content')).toEqual([])
      const whole = foldEvents(anthropicMessages.decodeAnswer(body), 'm')
      const stream = foldEvents(read, 'm')
      expect(stream.choices[0]?.end).toEqual(whole.choices[0]?.end)
      expect(stream.usage).toEqual(whole.usage)
    }),
  )
})

test('calls that come mixed, with states, in any order of everything else, keep the grammar', () => {
  fc.assert(
    fc.property(tangledEvents, (events) => {
      const faults = faultsOf(streamed(events, about).said)
      // Two answers in one count their calls alike, so that what belongs to them mixes too.
      expect(faults.filter((fault) => fault !== 'arguments that are no JSON')).toEqual([])
    }),
  )
})

async function sdkMessage(text: string): Promise<Anthropic.Message> {
  const headers = { 'content-type': 'text/event-stream' }
  const client = new Anthropic({
    apiKey: 'sk-ant-none',
    maxRetries: 0,
    fetch: () => Promise.resolve(new Response(text, { headers })),
  })
  const request = { model: 'fast', max_tokens: 10, messages: [{ role: 'user' as const, content: 'Hi' }] }
  return await client.messages.stream(request).finalMessage()
}
