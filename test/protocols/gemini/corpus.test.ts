import { describe, expect, test } from 'vitest'
import type { AnswerPart } from '../../../src/core/answer.ts'
import type { ToolCallPart } from '../../../src/core/call.ts'
import type { Event } from '../../../src/core/event.ts'
import type { JsonObject } from '../../../src/core/json.ts'
import { losses } from '../../../src/core/losses.ts'
import { gemini } from '../../../src/protocols/gemini/index.ts'
import { foldEvents } from '../../../src/protocols/translation/fold-events.ts'
import { utf8 } from '../../support/chunking.ts'
import { readCorpus } from '../../support/corpus.ts'
import { recordedEvents } from '../recorded-events.ts'
import { aboutFor, chunksOf, faultsOf, streamed } from './answer/an-answer.ts'

const recorded = readCorpus().filter(({ misc }) => misc === null)
const ours = recorded.filter(({ protocol }) => protocol === 'gemini')
const answered = recorded.filter(({ response }) => response.status < 300)

/** What our client reads: of several candidates the first. Gemini's plain stop is one behind calls too. */
function readIn(events: readonly Event[]) {
  const { parts, end } = foldEvents(events, 'm').choices[0] ?? { parts: [], end: { reason: 'stop' } }
  const calls = parts.flatMap((part) => (part.type === 'tool_call' ? [part] : []))
  const stops = end.reason === 'stop' || end.reason === 'pause'
  return {
    text: parts.map(wordsOf).join(''),
    thoughts: parts.map((part) => (part.type === 'reasoning' ? part.text.replaceAll('\n', '') : '')).join(''),
    calls: end.reason === 'length' ? [] : calls.map((call) => [call.name, argumentsOf(call)]),
    media: parts.filter(({ type }) => type === 'media').length,
    reason: stops ? (calls.length > 0 ? 'tool' : 'stop') : end.reason,
  }
}

function wordsOf(part: AnswerPart): string {
  if (part.type === 'media') return part.transcript ?? ''
  return part.type === 'reasoning' || part.type === 'tool_call' ? '' : part.text
}

function argumentsOf({ arguments: args, custom }: ToolCallPart): JsonObject {
  try {
    return custom ? { input: args } : JSON.parse(args)
  } catch {
    return { _raw: args }
  }
}

describe.skipIf(recorded.length === 0)('what providers and clients really sent', () => {
  test('every request to Gemini is understood, and said again to it', () => {
    let understood = 0
    for (const { id, request } of ours) {
      if (!request?.body.contents) continue
      const call = gemini.decodeRequest(request.body, { model: 'm', stream: false })
      const target = { backendType: 'gemini', model: 'gemini-3-pro-preview', askForUsage: false }
      const { body, lost } = gemini.encodeRequest(call, target)
      const contents = body.contents as { role: string; parts: object[] }[]
      expect(contents[0]?.role, id).toBe('user')
      expect(
        contents.every(({ parts }) => parts.length > 0),
        id,
      ).toBe(true)
      // What only Google keeps or runs is not said again; all else is.
      const meaning = lost.filter(({ loss }) => losses[loss].weight === 'meaning').map(({ loss }) => loss)
      expect(
        [
          'audio_output',
          'file_id',
          'forced_tool',
          'forced_tool',
          'image_output',
          'only_server_tools',
          'stored_state',
          'other_content',
        ],
        id,
      ).toEqual(expect.arrayContaining(meaning))
      understood++
    }
    expect(understood).toBeGreaterThan(100)
  })

  test('of recorded requests nothing is unknown but what is new to everybody', () => {
    const unknown = new Set<string>()
    for (const { request } of ours) {
      if (!request?.body.contents) continue
      const { special } = gemini.decodeRequest(request.body, { model: 'm', stream: false })
      for (const { loss, param } of special) if (loss === 'other_parameters') unknown.add(param)
    }
    expect([...unknown]).toEqual([])
  })

  test('every answer of any provider becomes a stream of good grammar, with all its words and calls', () => {
    expect(answered.length).toBeGreaterThan(500)
    for (const exchange of answered) {
      const events = recordedEvents(exchange).filter(
        (event) => event.type !== 'error' && !('choice' in event && event.choice),
      )
      const about = aboutFor({}, exchange.protocol)
      const { text } = streamed(events, about)
      expect(faultsOf(chunksOf(text)), exchange.id).toEqual([])
      const decoder = gemini.streamDecoder('sse')
      const again = [...decoder.push(utf8(text)), ...decoder.end()]
      const expected = readIn(events)
      const isCut = expected.reason === 'length'
      expect({ ...readIn(again), ...(isCut && { calls: [] }) }, exchange.id).toEqual(expected)
    }
  })
})
