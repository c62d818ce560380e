import { expect, it } from 'vitest'
import { Awaited } from '../../../src/usage/monitor/awaited.ts'

function counting() {
  let calls = 0
  const all = new Awaited(() => {
    calls++
  })
  return { all, calls: () => calls }
}

it('calls back at once where nothing was begun', () => {
  const { all, calls } = counting()
  expect(calls()).toBe(0)
  all.allBegun()
  expect(calls()).toBe(1)
})

it('calls back once, when the last of those that were begun has ended, in whatever order', () => {
  const { all, calls } = counting()
  const [first, second] = [all.begin(), all.begin()]
  second()
  all.allBegun()
  expect(calls()).toBe(0)
  first()
  expect(calls()).toBe(1)
})

it('waits for who is begun while others have ended already', () => {
  const { all, calls } = counting()
  all.begin()()
  const last = all.begin()
  last()
  expect(calls()).toBe(0)
  all.allBegun()
  expect(calls()).toBe(1)
})
