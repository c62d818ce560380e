import { describe, expect, test } from 'vitest'
import type { Event } from '../../../src/core/event.ts'
import { anthropicMessages } from '../../../src/protocols/anthropic-messages/index.ts'
import { foldEvents } from '../../../src/protocols/translation/fold-events.ts'
import { readCorpus } from '../../support/corpus.ts'
import { recordedEvents } from '../recorded-events.ts'
import { anAbout, blocksOf, streamed } from './answer/an-answer.ts'
import { faultsOf } from './answer/grammar.ts'

const recorded = readCorpus().filter(({ misc }) => misc === null)
const ours = recorded.filter(({ protocol }) => protocol === 'anthropic-messages')
const answered = recorded.filter(({ response }) => response.status < 300)

/** The words of a kind, without the spaces of blocks that have nothing else. */
function wordsOf(events: readonly Event[], type: 'text' | 'reasoning'): string {
  const choice = foldEvents(events, 'm').choices[0]
  const parts = choice?.parts ?? []
  return parts.flatMap((part) => (part.type === type && part.text.trim() ? [part.text] : [])).join('')
}

describe.skipIf(recorded.length === 0)('what providers and clients really sent', () => {
  test('every request to Anthropic is understood, and said again to it without a loss of meaning', () => {
    const target = { backendType: 'anthropic', model: 'claude-sonnet-4-5', askForUsage: false }
    let understood = 0
    for (const { id, request } of ours) {
      if (!request?.body.messages) continue
      const call = anthropicMessages.decodeRequest(request.body, { model: 'm', stream: false })
      const { body } = anthropicMessages.encodeRequest(call, target)
      const messages = body.messages as { role: string; content: object[] }[]
      expect(messages[0]?.role, id).toBe('user')
      expect(
        messages.every(({ content }) => content.length > 0),
        id,
      ).toBe(true)
      understood++
    }
    expect(understood).toBeGreaterThan(100)
  })

  test('every answer of any provider becomes a stream of good grammar, with all its words and calls', () => {
    expect(answered.length).toBeGreaterThan(500)
    for (const exchange of answered) {
      const events = recordedEvents(exchange).filter(
        (event) => event.type !== 'error' && !('choice' in event && event.choice),
      )
      const { said, encoder } = streamed(events, anAbout(exchange.protocol))
      const faults = faultsOf(said)
      // Some recordings break off in the middle of a call's arguments.
      expect(
        faults.filter((fault) => fault !== 'arguments that are no JSON'),
        exchange.id,
      ).toEqual([])
      const lost = encoder.lost.map(({ loss }) => loss)
      if (lost.some((loss) => loss === 'answer_refusal' || loss === 'answer_server_tool')) continue
      const blocks = blocksOf(said)
      const joined = (key: string) => blocks.map((block) => (block[key] as string | undefined) ?? '').join('')
      if (!lost.includes('answer_media')) expect(joined('text'), exchange.id).toBe(wordsOf(events, 'text'))
      expect(joined('thinking'), exchange.id).toBe(wordsOf(events, 'reasoning'))
      const calls = foldEvents(events, 'm').choices[0]?.parts.filter(({ type }) => type === 'tool_call')
      expect(blocks.filter(({ type }) => type === 'tool_use').length, exchange.id).toBe(calls?.length)
    }
  })
})
