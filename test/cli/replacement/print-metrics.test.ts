import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { anAnswer, anEmptyAnswer } from './metrics-answers.ts'
import { pipe, printed } from './printed.ts'

describe('a proxy that has replaced for a while', () => {
  it('at 80 columns', () => {
    expect(printed(anAnswer(), 80).text).toMatchInlineSnapshot(`
      "● on: 20% of the rolls win, 3 turns a window, 2 rules; counted since 2026-11-27
        14:20 (UTC), 3h12m

      Activations  134 in 58 sessions, 3 in the last 60 s, 41.8 an hour
                   19.4% of the rolls
      Turns        1,390 in 58 sessions answered by another model, 2.9 a window
                   windows of 3 turns: 125, of 2 turns: 4, of 1 turn: 5
                   requests before a window: 1 to 40, 7.67 on average, half within 6,
                   95% within 21
      Opt-outs     12 in 4 sessions, 9 by header, 3 by session
                   0 in the last 60 s, 3.74 an hour, 0.41% of the requests
      Rolls        690 in 120 sessions, 19.4% won, 20% configured

      #  FROM         TO                                      ACTIVATIONS
      1  claude-opus  openrouter:anthropic/claude-sonnet-4-5          100
      2  *            local:qwen3-coder                                34

      Effectiveness, all that is in the ledger
      REPLACED: by the other model. ASKED FOR: of the same rule, its roll lost.

      ● claude-opus → openrouter:anthropic/claude-sonnet-4-5
                              REPLACED   ASKED FOR    DIFFERENCE
        requests                   390       1,560
        failed                   1.23%       0.81%  +0.42 points
        TTFT p50                411 ms       1.2 s       -790 ms
        time p50                 8.1 s      14.2 s        -6.1 s
        tokens a request         48.2k       51.0k         -2.8k
        cost a request         $0.0912     $0.1800      -$0.0888
        tool calls a request      1.62         1.7         -0.08
        saved $34.63 in all; 95%: -$0.1012 to -$0.0771 a request

      ◐ * → local:qwen3-coder
                              REPLACED   ASKED FOR    DIFFERENCE
        requests                     4          12
        failed                      0%         25%    -25 points
        TTFT p50                     —       98 ms             —
        time p50                 1m04s      900 ms        +1m03s
        tokens a request           988         987          +0.4
        cost a request               —  $0.0000213             —
        tool calls a request         0           0             0
        cost saved: —
        too little data: fewer than 30 sessions on one side, so all this may be chance

      · no requests of gpt-5 → openai:gpt-5-mini"
    `)
  })

  it('at 120 columns', () => {
    expect(printed(anAnswer(), 120).text).toMatchInlineSnapshot(`
      "● on: 20% of the rolls win, 3 turns a window, 2 rules; counted since 2026-11-27 14:20 (UTC), 3h12m

      Activations  134 in 58 sessions, 3 in the last 60 s, 41.8 an hour
                   19.4% of the rolls
      Turns        1,390 in 58 sessions answered by another model, 2.9 a window
                   windows of 3 turns: 125, of 2 turns: 4, of 1 turn: 5
                   requests before a window: 1 to 40, 7.67 on average, half within 6, 95% within 21
      Opt-outs     12 in 4 sessions, 9 by header, 3 by session
                   0 in the last 60 s, 3.74 an hour, 0.41% of the requests
      Rolls        690 in 120 sessions, 19.4% won, 20% configured

      #  FROM         TO                                      ACTIVATIONS
      1  claude-opus  openrouter:anthropic/claude-sonnet-4-5          100
      2  *            local:qwen3-coder                                34

      Effectiveness, all that is in the ledger
      REPLACED: by the other model. ASKED FOR: of the same rule, its roll lost.

      ● claude-opus → openrouter:anthropic/claude-sonnet-4-5
                              REPLACED   ASKED FOR    DIFFERENCE
        requests                   390       1,560
        failed                   1.23%       0.81%  +0.42 points
        TTFT p50                411 ms       1.2 s       -790 ms
        time p50                 8.1 s      14.2 s        -6.1 s
        tokens a request         48.2k       51.0k         -2.8k
        cost a request         $0.0912     $0.1800      -$0.0888
        tool calls a request      1.62         1.7         -0.08
        saved $34.63 in all; 95%: -$0.1012 to -$0.0771 a request

      ◐ * → local:qwen3-coder
                              REPLACED   ASKED FOR    DIFFERENCE
        requests                     4          12
        failed                      0%         25%    -25 points
        TTFT p50                     —       98 ms             —
        time p50                 1m04s      900 ms        +1m03s
        tokens a request           988         987          +0.4
        cost a request               —  $0.0000213             —
        tool calls a request         0           0             0
        cost saved: —
        too little data: fewer than 30 sessions on one side, so all this may be chance

      · no requests of gpt-5 → openai:gpt-5-mini"
    `)
  })

  it('at 200 columns, and the same in a pipe', () => {
    const { text, talk } = printed(anAnswer({ effectiveness: [] }), 200)
    expect(text).toMatchInlineSnapshot(`
      "● on: 20% of the rolls win, 3 turns a window, 2 rules; counted since 2026-11-27 14:20 (UTC), 3h12m

      Activations  134 in 58 sessions, 3 in the last 60 s, 41.8 an hour
                   19.4% of the rolls
      Turns        1,390 in 58 sessions answered by another model, 2.9 a window
                   windows of 3 turns: 125, of 2 turns: 4, of 1 turn: 5
                   requests before a window: 1 to 40, 7.67 on average, half within 6, 95% within 21
      Opt-outs     12 in 4 sessions, 9 by header, 3 by session
                   0 in the last 60 s, 3.74 an hour, 0.41% of the requests
      Rolls        690 in 120 sessions, 19.4% won, 20% configured

      #  FROM         TO                                      ACTIVATIONS
      1  claude-opus  openrouter:anthropic/claude-sonnet-4-5          100
      2  *            local:qwen3-coder                                34

      Effectiveness, all that is in the ledger: no requests of any rule, so nothing to compare"
    `)
    expect(printed(anAnswer({ effectiveness: [] }), pipe)).toEqual({ text, talk })
    expect(talk).toEqual([])
  })
})

describe('a proxy that has nothing to tell', () => {
  it('says that it is off, and beside it how to turn it on', () => {
    const { text, talk } = printed(anEmptyAnswer(), 80)
    expect(text).toMatchInlineSnapshot(`
      "○ off: 0% of the rolls win, 1 turn a window, 0 rules; counted since 2026-11-27
        14:20 (UTC), 8 s

      Activations  none so far
      Turns        none answered by another model so far
      Opt-outs     none so far
      Rolls        none so far

      Effectiveness, all that is in the ledger: no requests of any rule, so nothing to
      compare"
    `)
    expect(talk).toEqual(['to turn it on: replacement in the configuration; or see llmproxy serve --help'])
  })

  it('that is on: every rule stands there with its zero', () => {
    const { rules } = anAnswer()
    const { text, talk } = printed(anEmptyAnswer({ enabled: true, probability: 0.001, rules }), 120)
    expect(text.split('\n').slice(0, 10)).toMatchInlineSnapshot(`
      [
        "● on: 0.1% of the rolls win, 1 turn a window, 2 rules; counted since 2026-11-27 14:20 (UTC), 8 s",
        "",
        "Activations  none so far",
        "Turns        none answered by another model so far",
        "Opt-outs     none so far",
        "Rolls        none so far",
        "",
        "#  FROM         TO                                      ACTIVATIONS",
        "1  claude-opus  openrouter:anthropic/claude-sonnet-4-5            0",
        "2  *            local:qwen3-coder                                 0",
      ]
    `)
    expect(talk).toEqual([])
  })

  it('says why there is no effectiveness', () => {
    const effectiveness_reason = 'usage tracking is off, and it is reckoned from the ledger'
    const { text } = printed(anEmptyAnswer({ effectiveness: null, effectiveness_reason }), 80)
    expect(text.split('\n').at(-1)).toBe(`○ effectiveness: ${effectiveness_reason}`)
    expect(printed(anEmptyAnswer({ effectiveness: null }), 80).text).toMatch(/\n○ effectiveness: not known$/)
  })
})

it('a ledger has the effectiveness, and one line says what it has not', () => {
  const { effectiveness } = anAnswer()
  const { text, talk } = printed({ effectiveness }, 80, 'since 7d ago (UTC)')
  const lines = text.split('\n')
  expect(lines.slice(0, 6)).toMatchInlineSnapshot(`
    [
      "○ read from a ledger: settings, activations, turns, opt-outs and rolls are known",
      "  to a running proxy only",
      "",
      "Effectiveness, since 7d ago (UTC)",
      "REPLACED: by the other model. ASKED FOR: of the same rule, its roll lost.",
      "",
    ]
  `)
  expect(text).not.toMatch(/Activations {2}|ACTIVATIONS/)
  expect(talk).toEqual([])
})

const hostile = 'gpt\u001b[2J\u001b]0;owned\u0007\n\r4\u202eo'

it('names from outside cannot move the cursor or forge a line', () => {
  const name = `${hostile}=${hostile}:${hostile}`
  const answer = anAnswer({
    rules: [{ from_pattern: hostile, to_backend: hostile, to_model: hostile }],
    activation_metrics: {
      total_activations: 1,
      by_rule: { [name]: 1, [hostile]: 2 },
      by_target: { [hostile]: 1 },
    },
    turn_count_metrics: { total_turns_completed: 1, turn_count_distribution: { [hostile]: 1 } },
    effectiveness: [
      { from: hostile, to: hostile },
      { from: hostile, to: hostile, replaced: { requests: 0 } },
    ],
  })
  const noReason = anAnswer({ effectiveness: null, effectiveness_reason: hostile })
  for (const width of [80, pipe]) {
    for (const one of [answer, noReason]) {
      const { text } = printed(one, width)
      expect(text).toContain('gpt␛[2J␛]0;owned␇␊␍4')
      expect(text.replaceAll('\n', '')).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202e]/)
    }
    // As many lines as with names of one letter.
    const tame = JSON.parse(JSON.stringify(answer).replaceAll(JSON.stringify(hostile).slice(1, -1), 'x'))
    if (width === pipe) {
      expect(printed(answer, width).text.split('\n')).toHaveLength(
        printed(tame, width).text.split('\n').length,
      )
    }
  }
})

const name = fc.string({ unit: fc.constantFrom(...'abc:/-.*='), minLength: 1, maxLength: 90 })
const count = fc.option(fc.integer({ min: 0, max: 2_000_000 }), { nil: null })
const ratio = fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: null })
const amount = fc.option(fc.double({ min: -50_000, max: 50_000, noNaN: true }), { nil: null })
const outcomes = fc.record({
  ...{ requests: count, error_rate: ratio, ttft_p50_ms: amount, duration_p50_ms: amount },
  ...{ tokens_per_request: amount, cost_per_request: amount, tool_call_rate: amount },
})
const anyAnswer = fc.record({
  ...{ enabled: fc.option(fc.boolean(), { nil: null }), probability: ratio, turn_count: count },
  ...{ started_at: fc.constantFrom('2026-11-27T14:20:05Z', null), elapsed_seconds: count },
  rules: fc.array(fc.record({ from_pattern: name, to_backend: name, to_model: name }), { maxLength: 4 }),
  activation_metrics: fc.record({
    ...{ total_activations: count, activation_ratio: ratio, unique_sessions_activated: count },
    ...{ activations_last_60s: count, activation_rate_per_second: ratio },
    ...{ by_rule: fc.dictionary(name, count), by_target: fc.dictionary(name, count) },
  }),
  effectiveness: fc.array(
    fc.record({
      ...{ from: name, to: name, replaced: outcomes, baseline: outcomes, difference: outcomes },
      ...{ cost_saved: amount, enough_data: fc.option(fc.boolean(), { nil: null }) },
      cost_per_request_interval: fc.option(fc.tuple(amount, amount), { nil: null }),
    }),
    { maxLength: 3 },
  ),
})

it('whatever is answered, no line is wider than the terminal, and unknown is never a number', () => {
  fc.assert(
    fc.property(anyAnswer, fc.constantFrom(80, 120, 200), (answer, width) => {
      const { text, talk } = printed(answer, width)
      for (const line of [...text.split('\n'), ...talk]) expect([...line].length).toBeLessThanOrEqual(width)
      expect(text).not.toMatch(/NaN|undefined|null|Infinity/)
    }),
    { numRuns: 150 },
  )
})
