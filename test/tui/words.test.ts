import { expect, it } from 'vitest'
import { sessionIds } from '../../src/core/rising-ids.ts'
import { sessionText } from '../../src/tui/words.ts'

it('shows of each session what tells it from others of its time', () => {
  const next = sessionIds(() => Date.UTC(2026, 0, 5))
  const shown = [next(), next(), next()].map(sessionText)
  expect(new Set(shown).size).toBe(3)
  for (const text of shown) expect(text).toMatch(/^s_[0-9a-z]{6}$/)
})

it.each([
  ['a client’s own id', 'f81d4fae-7dec-11d0', 'f81d4fae'],
  ['a short one', 'mine', 'mine'],
  ['no session', null, '—'],
])('shows %s', (_, id, shown) => {
  expect(sessionText(id)).toBe(shown)
})
