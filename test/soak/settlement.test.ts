import { expect, test } from 'vitest'
import type { UsageRecord } from '../../src/usage/record/record.ts'
import { aRecord } from '../support/a-record.ts'
import { Conversations } from './conversations.ts'
import { Settlement } from './settlement.ts'
import { soakExchange } from './soak-exchange.ts'

const seen = { status: 200, recordId: null }

/** An exchange whose client has its answer. */
function ended() {
  let nowMs = 0
  const settlement = new Settlement(() => nowMs)
  const misses: string[] = []
  settlement.onMiss = (fault) => void misses.push(fault)
  const exchange = soakExchange(1, 7, new Conversations())
  const { id } = exchange.plan
  settlement.begin(exchange)
  settlement.end(id, seen)
  const record = (more: Partial<UsageRecord> = {}) => aRecord({ tags: { exchange: id }, ...more })
  const wait = (seconds: number) => {
    nowMs += seconds * 1000
    settlement.settle(nowMs)
  }
  return { settlement, misses, id, record, wait }
}

test('an exchange without a record is waited for, and then missed', () => {
  const { settlement, misses, id, wait } = ended()
  wait(20)
  expect([settlement.open, misses]).toEqual([1, []])
  wait(15)
  expect([settlement.open, misses]).toEqual([0, [expect.stringMatching(`^${id} .* has no record$`)]])
})

test('a second record of an exchange is missed', () => {
  const { settlement, misses, id, record } = ended()
  settlement.take([record({ id: 'x_one' }), record({ id: 'x_two' })])
  expect(misses).toEqual([expect.stringMatching(`^${id} .* has two records$`)])
})

test('a record of an attempt that no provider knows of is missed, and of another caller', () => {
  const { settlement, misses, record, wait } = ended()
  settlement.take([record({ attempts: 1, proxy_user: 'nobody' })])
  wait(6)
  expect(settlement.open).toBe(0)
  expect(misses).toContainEqual(expect.stringContaining('attempts is 1, by the books 0'))
  expect(misses).toContainEqual(expect.stringContaining('user nobody, not '))
})
