import { describe, expect, it } from 'vitest'
import { comparePassages } from '../../../src/capture/diff/legs.ts'
import type { JsonObject } from '../../../src/core/json.ts'
import { aCapture, addRefusal, type CaptureDraft, edited, viewsOf } from '../../support/a-capture.ts'
import { typicalExchange } from '../../support/capture/typical-exchange.ts'

function passages(capture: CaptureDraft) {
  const [view] = viewsOf(capture)
  return view ? comparePassages(view) : []
}
const bodies = (capture: CaptureDraft) =>
  passages(capture).map(({ from, to, attempt, passage, differences }) => [
    `${from} → ${to} ${attempt} ${passage}`,
    ...differences.filter(({ kind }) => kind !== 'header').map(({ path }) => path),
  ])

describe('what the proxy made of an exchange', () => {
  const clean = aCapture({ stream: true })

  it('is nothing where the bytes are the same', () => {
    expect(bodies(clean)).toEqual([['CTP → PTB 1 verbatim'], ['BTP → PTC 1 verbatim']])
  })

  it('is every member that came, went or changed, ids and times too', () => {
    const changed = edited(clean, (x) => {
      x.ptb.editJson((json: JsonObject) => {
        json.model = 'gpt-5'
        json.user = 'proxy'
        delete json.stream_options
      })
      x.answer.replaceText('chatcmpl-1', 'chatcmpl-2')
    })
    const [request, answer] = bodies(changed)
    expect(request).toEqual(['CTP → PTB 1 edited', 'model', 'stream_options', 'user'])
    expect(answer?.slice(0, 2)).toEqual(['BTP → PTC 1 edited', 'events[0].data.id'])
  })

  it('where only the bytes differ says at which', () => {
    const spaced = edited(clean, (x) => x.ptb.setBody(x.ptb.text.replace('{', '{ ')))
    expect(bodies(spaced)[0]).toEqual(['CTP → PTB 1 edited', 'body byte 1'])
  })

  it('is compared for each attempt', () => {
    const retried = edited(clean, (x) => addRefusal(x))
    expect(bodies(retried).map(([what]) => what)).toEqual([
      ...['CTP → PTB 1 verbatim', 'CTP → PTB 2 verbatim', 'BTP → PTC 2 verbatim'],
    ])
  })

  it('across protocols is what differs in canonical words', () => {
    const { request } = typicalExchange('anthropic-messages', true)
    const translated = edited(clean, (x) => {
      x.attempt.protocol = 'anthropic-messages'
      x.ptb.setBody(JSON.stringify({ ...request, model: 'claude-haiku-4-5' }))
    })
    const [first] = passages(translated)
    expect(first?.passage).toBe('translated')
    expect(first?.differences.map(({ path }) => path)).toContain('model')
    expect(first?.differences.map(({ path }) => path)).not.toContain('messages[0].parts[0].text')
  })

  it('is headers too, but for those of the connection', () => {
    const headed = edited(clean, (x) => x.ptb.header('x-added', '1').header('connection', 'close'))
    const [request] = passages(headed)
    expect(request?.differences).toContainEqual({
      ...{ path: 'header x-added', kind: 'header', before: undefined, after: '1' },
    })
    expect(request?.differences.map(({ path }) => path)).not.toContain('header connection')
  })

  it('is nothing where the exchange was refused before any backend', () => {
    const refused = edited(clean, (x) => {
      x.attempts = []
    })
    expect(passages(refused)).toEqual([])
  })
})
