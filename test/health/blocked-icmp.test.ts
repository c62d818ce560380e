import fc from 'fast-check'
import { expect, it } from 'vitest'
import { aBackend } from '../support/a-backend.ts'
import { aHealth, noPong, pong } from './a-health.ts'

const backend = aBackend('openai', { apiUrl: 'https://openai.test/v1' })

/** Numbers from 0 to 1, the same for the same seed. */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31
    return state / 2 ** 31
  }
}

it('whenever ICMP is blocked, and in whatever rhythm checks run, what answers HTTP is never marked down', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.nat(),
      fc.nat(200),
      fc.integer({ min: 5, max: 120 }),
      fc.integer({ min: 5, max: 120 }),
      async (seed, blockedAtSecond, pingSeconds, probeSeconds) => {
        const world = aHealth({ random: seeded(seed) })
        world.configure(
          { ping: { interval_seconds: pingSeconds }, http: { interval_seconds: probeSeconds } },
          backend,
        )
        world.pongs = () => (world.clock.monotonicNs() < blockedAtSecond * 1e9 ? pong : noPong)
        await world.clock.advanceSlowly(1_000_000)
        expect(world.endpoint('https://openai.test/v1').ping_check_success).toBe(false)
        expect(world.changes).toEqual([])
        await world.health.stop()
      },
    ),
    { numRuns: 40 },
  )
})
