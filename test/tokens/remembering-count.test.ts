import { describe, expect, it } from 'vitest'
import { rememberingCount } from '../../src/tokens/remembering-count.ts'

function counting() {
  const counted: string[] = []
  const count = rememberingCount((piece) => {
    counted.push(piece)
    return piece.length
  })
  return { count, counted }
}

describe('rememberingCount', () => {
  it('counts a message of an earlier turn from memory', () => {
    const { count, counted } = counting()
    const message = 'Please read the file and tell me what it does, in one sentence. '.repeat(10)
    expect([count(message), count(message), count(`${message}!`)]).toEqual([640, 640, 641])
    expect(counted.join('')).toBe(`${message}${message}!`)
  })

  it('adds up the pieces of a long text', () => {
    const { count, counted } = counting()
    expect(count('a'.repeat(1300))).toBe(1300)
    expect(counted.map((piece) => piece.length)).toEqual([512, 512, 276])
  })

  it('does not take a text for another of the same length', () => {
    const { count, counted } = counting()
    count('a'.repeat(100))
    count('b'.repeat(100))
    expect(counted).toHaveLength(2)
  })

  it('forgets what it has not seen for long, so that memory is bounded', () => {
    const { count, counted } = counting()
    const first = 'first'.padEnd(64, '.')
    count(first)
    for (let other = 0; other < 20_000; other++) count(`${other}`.padEnd(64, '.'))
    counted.length = 0
    count(first)
    expect(counted).toEqual([first])
  })
})
