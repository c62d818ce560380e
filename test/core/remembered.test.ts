import { expect, it } from 'vitest'
import { remembered } from '../../src/core/remembered.ts'

function counted() {
  const asked: string[] = []
  const lengths = remembered((text) => {
    asked.push(text)
    return text.length
  })
  return { asked, lengths }
}

it('answers about a text once, until all is to be forgotten', () => {
  const { asked, lengths } = counted()
  expect([lengths.of('one'), lengths.of('one'), lengths.of('three')]).toEqual([3, 3, 5])
  expect(asked).toEqual(['one', 'three'])
  lengths.forget()
  expect(lengths.of('one')).toBe(3)
  expect(asked).toEqual(['one', 'three', 'one'])
})

it('remembers an answer that is null or false', () => {
  let asked = 0
  const none = remembered(() => {
    asked++
    return null
  })
  expect([none.of(''), none.of('')]).toEqual([null, null])
  expect(asked).toBe(1)
})

it('holds no long text, and of short ones a bounded number', () => {
  const { asked, lengths } = counted()
  const long = 'x'.repeat(129)
  lengths.of(long)
  lengths.of(long)
  expect(asked).toHaveLength(2)
  lengths.of('first')
  for (let i = 0; i < 600; i++) lengths.of(`text ${i}`)
  asked.length = 0
  lengths.of('first')
  expect(asked).toEqual(['first'])
})
