import { expect, it } from 'vitest'
import { anAnswer } from './metrics-answers.ts'
import { printed } from './printed.ts'

it('what there was but once is told once', () => {
  const turn_count_metrics = {
    ...{ total_turns_completed: 1, unique_sessions_with_turns: 1, average_turn_count: 1 },
    turn_count_distribution: { 1: 1 },
    turns_before_activation: { count: 1, min: 2, max: 2, avg: 2, p50: 2, p95: 2, distribution: { 2: 1 } },
  }
  const lines = printed(anAnswer({ turn_count_metrics }), 80).text.split('\n')
  const begin = lines.findIndex((line) => line.startsWith('Turns'))
  expect(lines.slice(begin, begin + 3)).toEqual([
    'Turns        1 in 1 session answered by another model, 1 a window',
    '             windows of 1 turn: 1',
    '             requests before a window: 2',
  ])
})

it('windows of many lengths are told by the longest', () => {
  const turn_count_distribution = Object.fromEntries(
    [1, 2, 3, 4, 5, 1_000].map((turns) => [turns, turns + 1]),
  )
  const turn_count_metrics = { total_turns_completed: 9, turn_count_distribution }
  expect(printed(anAnswer({ turn_count_metrics }), 120).text).toContain(
    'windows of 1,000 turns: 1,001, of 5 turns: 6, of 4 turns: 5, of 3 turns: 4, of fewer: 5',
  )
})
