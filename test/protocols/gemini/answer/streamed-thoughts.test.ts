import { describe, expect, it } from 'vitest'
import type { Event } from '../../../../src/core/event.ts'
import { gemini } from '../../../../src/protocols/gemini/index.ts'
import { unsealed } from '../../../../src/protocols/translation/reasoning-state.ts'
import { aboutFor, saidIn, streamed } from './an-answer.ts'
import { call, end, proof, text } from './events.ts'

describe('thoughts', () => {
  const thought = (said: string): Event => ({ type: 'reasoning', text: said })
  const sealed = (stream: string) =>
    saidIn(stream).map((said) =>
      typeof said === 'string'
        ? said
        : said.map(({ thoughtSignature, ...part }) =>
            thoughtSignature === undefined ? part : [part, unsealed(String(thoughtSignature))?.data],
          ),
    )

  it('wait until their signature can stand on the last of them', () => {
    const encoder = gemini.streamEncoder(aboutFor())
    expect(encoder.push([thought('Let ')])).toBe('')
    expect(sealed(encoder.push([thought('me')]))).toEqual([[{ text: 'Let ', thought: true }]])
    expect(sealed(encoder.push([proof('signature', 'reasoning')]))).toEqual([
      [[{ text: 'me', thought: true }, 'Er8B']],
    ])
    expect(sealed(encoder.push([text('Hi')]))).toEqual([[{ text: 'Hi' }]])
  })

  it('of which no words are shown ride on what follows', () => {
    const events = [
      thought('hm'),
      proof('signature', 'reasoning'),
      call(0, '{}', { id: 'c', name: 'f' }),
      end,
    ]
    const { text: stream, encoder } = streamed(events, aboutFor({ reasoning: null }))
    expect(sealed(stream)).toEqual([[[{ functionCall: { id: 'c', name: 'f', args: {} } }, 'Er8B']], 'STOP'])
    expect(encoder.lost).toEqual([{ loss: 'answer_thoughts', param: null }])
  })

  it('that nothing follows stand alone, for no client keeps a chunk with an empty text and something else', () => {
    const redacted = proof('redacted', null, 'EmwK')
    const events = [redacted, redacted, call(0, '{}', { id: 'c', name: 'f' }), text('a'), redacted, end]
    expect(sealed(streamed(events).text)).toEqual([
      [[{ text: '' }, 'EmwK']],
      [[{ functionCall: { id: 'c', name: 'f', args: {} } }, 'EmwK'], { text: 'a' }],
      [[{ text: '' }, 'EmwK']],
      'STOP',
    ])
  })

  it('in several blocks are several paragraphs', () => {
    const parted: Event = { type: 'boundary', of: 'reasoning' }
    const events = [
      parted,
      thought('One.'),
      parted,
      thought('Two'),
      thought('.'),
      { type: 'boundary', of: 'text' },
      end,
    ]
    const said = saidIn(streamed(events as Event[]).text).flat()
    expect(said.map((part) => (typeof part === 'string' ? '' : part.text)).join('')).toBe('One.\n\nTwo.')
  })

  it('of a signature behind a text stand on an empty one, as Gemini sends them', () => {
    const state = { protocol: 'gemini', kind: 'thought_signature', data: 'c2ln' } as const
    const events: Event[] = [text('Hi'), { type: 'state', on: 'text', state }, end]
    expect(saidIn(streamed(events, aboutFor({}, 'openai-chat')).text)).toEqual([
      [{ text: 'Hi' }],
      [{ text: '', thoughtSignature: 'c2ln' }],
      [{ text: '' }],
      'STOP',
    ])
  })
})
