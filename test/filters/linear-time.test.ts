import { describe, expect, it } from 'vitest'
import { compileFilter } from '../../src/filters/compile.ts'
import { aThing, thing } from './a-subject.ts'

/** The least of several times: what else the machine does makes work longer, never shorter. */
function leastMs(work: () => void): number {
  const times = Array.from({ length: 5 }, () => {
    const startedMs = performance.now()
    work()
    return performance.now() - startedMs
  })
  return Math.min(...times)
}

/** Random letters keep a machine of states from going in circles. */
function letters(length: number): string {
  let state = 7
  const draw = () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31
    return state > 2 ** 30 ? 'a' : 'b'
  }
  return Array.from({ length }, draw).join('')
}

describe('a pattern that would keep a backtracking engine for ever', () => {
  // Each is exponential, or polynomial, where tries are taken back.
  it.each([
    ['(a+)+$', 'a'],
    ['(a|aa)+$', 'a'],
    ['(a*)*b', 'a'],
    ['(.*)(.*)(.*)(.*)(.*)=', 'a'],
    ['(a|b)*a(a|b){20}c', 'ab'],
    ['(x?x?x?x?x?x?x?x?x?x?)*y', 'x'],
  ])('takes no longer for one long text than for the same letters in ten: %s', (pattern, of) => {
    const matches = compileFilter(`~b "${pattern}"`, thing)
    const start = of === 'ab' ? letters(1_000_000) : of.repeat(1_000_000)
    const long = aThing({ body: `${start}!` })
    const ten = Array.from({ length: 10 }, (_, index) =>
      aThing({ body: `${start.slice(index * 100_000, (index + 1) * 100_000)}!` }),
    )
    const tenMs = leastMs(() => expect(ten.some(matches)).toBe(false))
    const longMs = leastMs(() => expect(matches(long)).toBe(false))
    // Were it quadratic, it would be ten.
    expect(longMs / tenMs).toBeLessThan(5)
  })

  it('finishes with a wildcard for every second letter', () => {
    const matches = compileFilter(`body="${'*a'.repeat(100)}*c"`, thing)
    expect(matches(aThing({ body: letters(200_000) }))).toBe(false)
    expect(matches(aThing({ body: `${'a'.repeat(100)}c` }))).toBe(true)
  })
})
