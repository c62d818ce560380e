import { describe, expect, it } from 'vitest'
import { anAnswer } from './metrics-answers.ts'
import { printed } from './printed.ts'

describe('rules', () => {
  const rule = (n: number) => ({ from_pattern: `model-${n}`, to_backend: 'openai', to_model: 'gpt-5-mini' })
  const rules = Array.from({ length: 120 }, (_, index) => rule(index + 1))

  it('have one line each, in the order in which they are asked', () => {
    const lines = printed(anAnswer({ rules }), 80).text.split('\n')
    expect(lines[0]).toContain('120 rules')
    const begin = lines.findIndex((line) => line.startsWith('  #'))
    expect(lines.slice(begin, begin + 3)).toEqual([
      '  #  FROM         TO                                      ACTIVATIONS',
      '  1  model-1      openai:gpt-5-mini                                 0',
      '  2  model-2      openai:gpt-5-mini                                 0',
    ])
    // Those that were there before a reload come after, and have no place.
    expect(lines.slice(begin + 120, begin + 123)).toEqual([
      '120  model-120    openai:gpt-5-mini                                 0',
      '     claude-opus  openrouter:anthropic/claude-sonnet-4-5          100',
      '     *            local:qwen3-coder                                34',
    ])
  })

  it('of one target have a table of targets as well, the most used first', () => {
    const { activation_metrics } = anAnswer()
    const activations = {
      by_rule: { 'model-1=openai:gpt-5-mini': 7, 'model-2=openai:gpt-5-mini': 2_000, '(other)': 3 },
      by_target: { '(other)': 3, 'openai:gpt-5-mini': 2_007 },
    }
    const changed = {
      rules: rules.slice(0, 2),
      activation_metrics: { ...(activation_metrics as object), ...activations },
    }
    expect(
      printed(anAnswer({ ...changed, effectiveness: [] }), 80)
        .text.split('\n')
        .slice(14, -2),
    ).toMatchInlineSnapshot(`
      [
        "1  model-1  openai:gpt-5-mini            7",
        "2  model-2  openai:gpt-5-mini        2,000",
        "   (other)                               3",
        "",
        "TARGET             ACTIVATIONS",
        "openai:gpt-5-mini        2,007",
        "(other)                      3",
        "",
      ]
    `)
  })

  it('a rule that tells nothing of its activations has none known', () => {
    const { text } = printed(anAnswer({ activation_metrics: { total_activations: 3 } }), 80)
    expect(text).toMatch(/^1 {2}claude-opus .* {10}—$/m)
    expect(text).toMatch(/^Activations {2}3\n/m)
  })
})
