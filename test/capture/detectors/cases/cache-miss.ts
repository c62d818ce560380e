import { type CaptureDraft, edited, lastOf, readingOf } from '../../../support/a-capture.ts'
import { type CacheTokens, longSession } from '../../../support/capture/long-session.ts'
import type { DetectorCases } from './case.ts'

/** Where nothing but one prompt is counted: the provider's own tools ask several times. */
function counted(
  clean: CaptureDraft,
  tokens: { first?: CacheTokens; second?: CacheTokens } = {},
): CaptureDraft | null {
  const x = lastOf(clean)
  const { answer, events } = readingOf(x, x.btp)
  const isPlain = !events.some(({ event }) => event.type === 'server_tool' || event.type === 'content')
  return answer?.usage && isPlain ? longSession(clean, tokens) : null
}

export const cases: DetectorCases = {
  mutations: [
    {
      name: 'nothing came from a cache that had just served',
      apply: (clean) =>
        counted(clean, { first: { cached: 2800, written: 200 }, second: { cached: 0, written: 3040 } }),
      expects: { fault: 'backend', severity: 'warn' },
    },
    {
      name: 'a third of what had come from the cache before',
      apply: (clean) =>
        counted(clean, { first: { cached: 2900, written: 100 }, second: { cached: 900, written: 2000 } }),
      expects: { fault: 'backend', severity: 'warn' },
    },
    {
      name: 'what was written a minute ago was not found',
      apply: (clean) => {
        const session = counted(clean, {
          first: { cached: 0, written: 3000 },
          second: { cached: 0, written: 3040 },
        })
        // Only Anthropic says what it writes.
        return session?.exchanges.at(-1)?.protocol === 'anthropic-messages' ? session : null
      },
      expects: { fault: 'backend', severity: 'warn' },
    },
  ],
  nearMisses: [
    { name: 'the second turn comes from the cache', apply: (clean) => counted(clean) },
    {
      name: 'the user came back two hours later',
      apply: (clean) => {
        const session = counted(clean, { first: { cached: 2800 }, second: { cached: 0, written: 3000 } })
        return session && edited(session, (second) => (second.openedMs += 7_200_000))
      },
    },
    {
      name: 'another backend answered',
      apply: (clean) => {
        const session = counted(clean, { first: { cached: 2800 }, second: { cached: 0, written: 3000 } })
        return session && edited(session, (second) => Object.assign(second.attempt, { backend: 'another' }))
      },
    },
    {
      name: 'a provider that has never cached anything',
      apply: (clean) =>
        counted(clean, { first: { cached: 0, written: 0 }, second: { cached: 0, written: 0 } }),
    },
  ],
}
