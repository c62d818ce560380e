import { expect, it } from 'vitest'
import { everything } from '../../../src/usage/query/filter.ts'
import { isAnswerable } from '../../../src/usage/rollups/answerable.ts'

const asks = (changed: Partial<typeof everything>) =>
  isAnswerable({
    ...{ groupBy: [], leg: null, orderBy: null, limit: null },
    filter: { ...everything, ...changed },
  })

it('roll-ups know who was replaced, and not what was decided of the others', () => {
  expect(asks({ replaced: true })).toBe(true)
  expect(asks({ replacementDecisions: ['replaced'] })).toBe(false)
})
