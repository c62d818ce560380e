import { expect, test } from 'vitest'
import { stopReason } from '../../src/protocols/stop-reason.ts'

test.each([
  ['stop', false, false, 'stop'],
  ['stop', true, false, 'tool'],
  ['stop', false, true, 'filter'],
  ['stop', true, true, 'tool'],
  ['tool', false, false, 'tool'],
  ['pause', false, false, 'pause'],
  ['pause', true, false, 'tool'],
  ['length', true, false, 'length'],
  ['filter', true, false, 'filter'],
  ['error', true, true, 'error'],
] as const)('%s, tool called %s, refused %s: %s', (said, toolCalled, refused, expected) => {
  expect(stopReason(said, { toolCalled, refused })).toBe(expected)
})
