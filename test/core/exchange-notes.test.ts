import { expect, it } from 'vitest'
import type { Exchange } from '../../src/core/exchange.ts'
import { ExchangeNotes } from '../../src/core/exchange-notes.ts'

const exchange = () => ({ id: 'x_1' }) as Exchange

it('keeps what each part notes of an exchange apart from what others do, and from other exchanges', () => {
  const [one, other] = [new ExchangeNotes<string>(), new ExchangeNotes<number>()]
  const [first, second] = [exchange(), exchange()]
  other.set(first, 7)
  expect(one.get(first)).toBeUndefined()
  one.set(first, 'a')
  one.set(second, 'b')
  expect([one.get(first), other.get(first), one.get(second), other.get(second)]).toEqual([
    'a',
    7,
    'b',
    undefined,
  ])
})

it('lets go of what it kept, and shows nobody who lists an exchange that it was there', () => {
  const notes = new ExchangeNotes<string>()
  const noted = exchange()
  notes.delete(noted)
  notes.set(noted, 'a')
  notes.delete(noted)
  expect(notes.get(noted)).toBeUndefined()
  expect(JSON.stringify(noted)).toBe('{"id":"x_1"}')
})
