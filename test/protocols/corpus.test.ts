import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Event } from '../../src/core/event.ts'
import { protocolNamed } from '../../src/protocols/index.ts'
import { chunkSizes, cutBytes, decodePieces, utf8 } from '../support/chunking.ts'
import { type CorpusExchange, isJsonArray, readCorpus, wholeBody } from '../support/corpus.ts'
import { corpusAnswers } from './corpus-answers.ts'

const corpus = readCorpus()
const byId = new Map(corpus.map((recorded) => [recorded.id, recorded]))
const generations = corpus.filter((recorded) => recorded.misc === null)
const errors = corpus.filter((recorded) => recorded.response.status >= 400)
const answers = generations.filter(
  (recorded) => recorded.response.status < 400 && recorded.provider !== 'demo',
)
const streams = answers.filter((recorded) => isJsonArray(recorded) || wholeBody(recorded) === undefined)
const wholes = answers.filter((recorded) => !streams.includes(recorded))

/** Its first and last event are not JSON: their authors lost a brace. */
const brokenJson = 'vercel-ai/openai/responses/parallel-tool-call-wrapper.1.stream'

describe.skipIf(corpus.length === 0)('the recorded corpus', () => {
  test('is all there', () => {
    expect(generations.length).toBeGreaterThanOrEqual(836)
    expect([streams.length, wholes.length, errors.length].every((count) => count > 30)).toBe(true)
  })

  test('holds nothing that the decoders do not know, but for one broken recording', () => {
    const unknown = answers.flatMap((recorded) => {
      const names = eventsOf(recorded).flatMap((event) => (event.type === 'unknown' ? [event.name] : []))
      return names.length === 0 ? [] : [[recorded.id, names]]
    })
    expect(unknown).toEqual([[brokenJson, ['not_json', 'not_json']]])
  })

  test('every stream is terminal at its last byte, but for the broken one', () => {
    const open = streams.filter((recorded) => {
      const decoder = decoderFor(recorded)
      decodePieces(decoder, [utf8(recorded.response.body)])
      return !decoder.terminal
    })
    expect(open.map((recorded) => recorded.id)).toEqual([brokenJson])
  })

  test('no stream is terminal within its first third', () => {
    const early = streams.filter((recorded) => {
      const bytes = utf8(recorded.response.body)
      const decoder = decoderFor(recorded)
      decoder.push(bytes.subarray(0, Math.floor(bytes.length / 3)))
      return decoder.terminal
    })
    // Its finish reason is followed by usage and by a moderation report that is longer than the answer.
    expect(early.map((recorded) => recorded.id)).toEqual([
      'pydantic-ai/models/test_openai/test_openai_moderation_stream#0',
    ])
  })

  test('every event stream but one ends between blocks', () => {
    const within = streams.filter((recorded) => {
      const decoder = decoderFor(recorded)
      decoder.push(utf8(recorded.response.body))
      return !isJsonArray(recorded) && !decoder.betweenBlocks
    })
    // Written by hand, without a blank line after `[DONE]`.
    expect(within.map((recorded) => recorded.id)).toEqual([
      'vercel-ai/openai-compatible/chat/anthropic-fallback-tool-call.stream',
    ])
  })

  test('every whole answer begins with its start and ends once, with its end or its error', () => {
    for (const recorded of wholes) {
      const types = eventsOf(recorded).map((event) => event.type)
      expect(types[0], recorded.id).toBe('start')
      expect(types.at(-1), recorded.id).toMatch(/^(end|error)$/)
      expect(
        types.filter((type) => type === 'end' || type === 'error'),
        recorded.id,
      ).toHaveLength(1)
    }
  })

  test('every stream decodes alike whole and cut anywhere', () => {
    const sorted = streams.toSorted((a, b) => a.response.body.length - b.response.body.length)
    fc.assert(
      fc.property(fc.constantFrom(...sorted), chunkSizes, (recorded, sizes) => {
        const whole = decodePieces(decoderFor(recorded), [utf8(recorded.response.body)])
        const cut = decodePieces(decoderFor(recorded), cutBytes(utf8(recorded.response.body), sizes))
        expect(cut).toEqual(whole)
      }),
      { numRuns: 60 },
    )
  })

  test('every recorded error body has a message', () => {
    for (const recorded of errors) {
      const body = wholeBody(recorded) ?? recorded.response.body
      const error = protocolNamed(recorded.protocol).decodeError(body)
      expect(error?.message.length, recorded.id).toBeGreaterThan(10)
      expect(recorded.response.body, recorded.id).toContain(
        JSON.stringify(error?.message.slice(0, 20)).slice(1, -1),
      )
    }
  })

  test('no error body reads as an answer', () => {
    for (const recorded of errors) {
      const events = protocolNamed(recorded.protocol).decodeAnswer(wholeBody(recorded) ?? null)
      expect(
        events.map((event) => event.type),
        recorded.id,
      ).toEqual(['error'])
    }
  })

  test('helper answers without content are none', () => {
    const counts = corpus.filter(
      (recorded) => recorded.misc === 'count-tokens' && recorded.response.status < 400,
    )
    expect(counts.length).toBeGreaterThan(2)
    for (const recorded of counts) expect(eventsOf(recorded), recorded.id).toEqual([])
  })

  test('tool calls are found where the corpus says there are some', () => {
    const differing = answers.filter((recorded) => {
      const called = eventsOf(recorded).some((event) => event.type === 'tool_call')
      return called !== recorded.features.includes('tool_calls')
    })
    // The corpus counts these calls too; they run at the provider, in a container or in xAI's search.
    expect(differing.map((recorded) => recorded.id).sort()).toEqual([
      'vercel-ai/openai/responses/openai-shell-container.1',
      'vercel-ai/openai/responses/openai-shell-container.1.stream',
      'vercel-ai/openai/responses/openai-shell-skills.1',
      'vercel-ai/openai/responses/openai-shell-skills.1.stream',
      'vercel-ai/xai/responses/xai-x-search-tool.stream',
    ])
  })

  test.each(corpusAnswers)('$id: usage and stop reason as counted by hand', ({ id, usage, stop }) => {
    const recorded = byId.get(id)
    if (recorded === undefined) throw new Error(`the corpus has no ${id}`)
    const events = eventsOf(recorded)
    expect(events.findLast((event) => event.type === 'usage')?.usage ?? null).toEqual(usage)
    const end = events.findLast((event) => event.type === 'end' || event.type === 'error')
    expect(end?.type === 'end' ? end.reason : end?.type).toBe(stop)
  })

  test('every recorded request is read: its model, its messages', () => {
    const differing: string[] = []
    for (const recorded of generations) {
      if (recorded.request === null || recorded.provider === 'demo') continue
      const facts = protocolNamed(recorded.protocol).readRequest(recorded.request.body)
      if (recorded.protocol !== 'gemini') expect(facts.model, recorded.id).toBe(recorded.request.body.model)
      const asked = facts.conversation.length > 0 || recorded.features.includes('error_http')
      expect(asked, recorded.id).toBe(true)
      const answered = facts.conversation.some((item) => item.answer)
      if (answered !== recorded.features.includes('multi_turn')) differing.push(recorded.id)
    }
    // They carry earlier answers only as a compaction, which the corpus does not count.
    expect(differing).toEqual([
      'pydantic-ai/models/test_openai_responses/test_openai_responses_compact_messages#3',
      'pydantic-ai/models/test_openai_responses/test_openai_responses_compact_with_auto_previous_response_id_chain#3',
    ])
  })
})

function decoderFor(recorded: CorpusExchange): ReturnType<ReturnType<typeof protocolNamed>['streamDecoder']> {
  return protocolNamed(recorded.protocol).streamDecoder(isJsonArray(recorded) ? 'json-array' : 'sse')
}

function eventsOf(recorded: CorpusExchange): Event[] {
  const body = wholeBody(recorded)
  if (body !== undefined && !isJsonArray(recorded)) return protocolNamed(recorded.protocol).decodeAnswer(body)
  return decodePieces(decoderFor(recorded), [utf8(recorded.response.body)])
}
