import { describe, expect, it } from 'vitest'
import { anAnswer } from './metrics-answers.ts'
import { printed } from './printed.ts'

describe('the verdict on a rule', () => {
  const compared = (changed: object) => {
    const [first] = anAnswer().effectiveness as object[]
    return printed(anAnswer({ effectiveness: [{ ...first, ...changed }] }), 80).text.split('\n')
  }

  it.each([
    [{}, ['saved $34.63 in all; 95%: -$0.1012 to -$0.0771 a request']],
    [{ cost_saved: -3.2 }, ['cost $3.20 more in all; 95%: -$0.1012 to -$0.0771 a request']],
    [{ cost_saved: 0, cost_per_request_interval: null }, ['saved $0.00 in all']],
    [
      { cost_per_request_interval: [-0.002, 0.000_04] },
      ['saved $34.63 in all; 95%: -$0.0020 to +$0.00004 a request, so it may make no', 'difference'],
    ],
    [
      { cost_saved: null, enough_data: false, cost_per_request_interval: null },
      ['cost saved: —', 'too little data: fewer than 30 sessions on one side, so all this may be chance'],
    ],
    [{ cost_saved: null, enough_data: null, cost_per_request_interval: null }, ['cost saved: —']],
  ])('%j', (changed, said) => {
    const lines = compared(changed)
    const end = lines.findIndex((line) => line.startsWith('  tool calls'))
    expect(lines.slice(end + 1)).toEqual(said.map((line) => `  ${line}`))
  })

  it.each([
    [true, '●'],
    [false, '◐'],
    [null, '○'],
  ])('its sign says whether there is enough data: %s', (enough_data, sign) => {
    expect(compared({ enough_data })).toContain(
      `${sign} claude-opus → openrouter:anthropic/claude-sonnet-4-5`,
    )
  })
})
