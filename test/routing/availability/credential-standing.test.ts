import { describe, expect, it } from 'vitest'
import { CredentialStanding } from '../../../src/routing/availability/credential-standing.ts'

const minuteMs = 60_000

describe('a credential that is limited', () => {
  it('waits as long as the provider says, and no longer than ten minutes', () => {
    const standing = new CredentialStanding()
    standing.limited('slow down', 2_000, 0)
    expect([standing.isUsable(1_999), standing.isUsable(2_000)]).toEqual([false, true])
    expect(standing.viewAt(0)).toEqual({ state: 'cooldown', reason: 'slow down', retryAtMs: 2_000 })
    standing.limited('tomorrow', 24 * 60 * minuteMs, 2_000)
    expect(standing.viewAt(2_000).retryAtMs).toBe(2_000 + 10 * minuteMs)
  })

  it('waits five seconds where no time is said, doubling to a minute until an answer is good', () => {
    const standing = new CredentialStanding()
    const waits: number[] = []
    let atMs = 0
    for (let n = 0; n < 6; n++) {
      standing.limited('429', null, atMs)
      waits.push((standing.viewAt(atMs).retryAtMs ?? 0) - atMs)
      atMs = standing.viewAt(atMs).retryAtMs ?? 0
    }
    expect(waits).toEqual([5_000, 10_000, 20_000, 40_000, 60_000, 60_000])
    standing.accepted()
    standing.limited('429', null, atMs)
    expect(standing.viewAt(atMs).retryAtMs).toBe(atMs + 5_000)
  })

  it('is not doubled by answers that were on their way together, nor shortened by a shorter one', () => {
    const standing = new CredentialStanding()
    for (let n = 0; n < 5; n++) standing.limited('429', null, n)
    expect(standing.viewAt(5).retryAtMs).toBeLessThanOrEqual(10_000)
    standing.limited('429', 60_000, 5)
    standing.limited('429', 1_000, 6)
    expect(standing.viewAt(6).retryAtMs).toBe(60_005)
  })
})

describe('a credential that is refused', () => {
  it('is believed to be wrong with the second 401 in a row, or at once where the answer names the key', () => {
    const standing = new CredentialStanding()
    standing.refused('401', false, 0)
    expect(standing.viewAt(0).state).toBe('ok')
    standing.accepted()
    standing.refused('401', false, 0)
    expect(standing.viewAt(0).state).toBe('ok')
    standing.refused('401', false, 0)
    expect(standing.viewAt(0)).toEqual({ state: 'misconfigured', reason: '401', retryAtMs: 5 * minuteMs })
    const other = new CredentialStanding()
    other.refused('your key is disabled', true, 0)
    expect(other.viewAt(0).state).toBe('misconfigured')
  })

  it('is tried once every five minutes, until an answer is good', () => {
    const standing = new CredentialStanding()
    standing.refused('401', true, 0)
    expect(standing.isUsable(5 * minuteMs - 1)).toBe(false)
    expect(standing.isUsable(5 * minuteMs)).toBe(true)
    standing.begin(5 * minuteMs)
    expect(standing.isUsable(5 * minuteMs + 1)).toBe(false)
    standing.refused('401', false, 5 * minuteMs + 10)
    expect(standing.isUsable(10 * minuteMs)).toBe(false)
    expect(standing.isUsable(10 * minuteMs + 10)).toBe(true)
    standing.accepted()
    expect(standing.viewAt(11 * minuteMs).state).toBe('ok')
  })
})

it('a cooldown holds for the trial of a refused key, too', () => {
  const standing = new CredentialStanding()
  standing.refused('401', true, 0)
  standing.limited('slow down', 2 * minuteMs, 4 * minuteMs)
  expect([standing.isUsable(5 * minuteMs), standing.viewAt(5 * minuteMs).state]).toEqual([false, 'cooldown'])
  expect([standing.isUsable(6 * minuteMs), standing.viewAt(6 * minuteMs).state]).toEqual([
    true,
    'misconfigured',
  ])
})
