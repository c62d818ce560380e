import { describe, expect, it } from 'vitest'
import { aCapture, edited } from '../../support/a-capture.ts'
import { exported } from './exported.ts'

const lines = async (...args: Parameters<typeof exported>) =>
  (await exported(...args))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))

describe('JSON Lines', () => {
  it('have an exchange a line, with all four legs and when each chunk passed', async () => {
    const [first, second, ...others] = await lines(aCapture([{}, { stream: true }]), 'jsonl')
    expect(others).toEqual([])
    expect(first).toMatchObject({
      ...{ exchange: 'x_1', session: 's_1', turn: 1, protocol: 'openai-chat', is_closed: true },
      opened_at: '2026-01-05T12:00:00.000Z',
      interpretation: { outcome: 'complete', status: 200 },
      attempts: [{ number: 1, backend: 'openai', model: 'gpt-4o' }],
    })
    expect(
      first.legs.map(({ leg, attempt }: { leg: string; attempt: number | null }) => [leg, attempt]),
    ).toEqual([
      ...[
        ['CTP', null],
        ['PTB', 1],
        ['BTP', 1],
        ['PTC', null],
      ],
    ])
    const answer = second.legs[3]
    expect(answer.body).toMatch(/^data: /)
    expect(answer.chunks.length).toBeGreaterThan(3)
    expect(answer.end).toMatchObject({ why: 'eof', error: null })
  })

  it('have only the legs that were asked for', async () => {
    const legs = async (side: 'client' | 'backend') =>
      (await lines(aCapture(), 'jsonl', { side }))[0].legs.map(({ leg }: { leg: string }) => leg)
    expect(await legs('client')).toEqual(['CTP', 'PTC'])
    expect(await legs('backend')).toEqual(['PTB', 'BTP'])
  })

  it('hold what is no text as base64, and say what is not known with null', async () => {
    const odd = edited(aCapture({ session: null }), (x) => {
      x.answer.setBody(Buffer.from([255]))
      x.unclosed()
    })
    const [line] = await lines(odd, 'jsonl')
    expect(line).toMatchObject({ session: null, is_closed: false, interpretation: null })
    expect(line.legs[3]).toMatchObject({ body_base64: '/w==' })
  })

  it('of one exchange have that line', async () => {
    const found = await lines(aCapture([{}, {}, {}]), 'jsonl', { only: 'x_2' })
    expect(found.map(({ exchange }) => exchange)).toEqual(['x_2'])
  })
})
