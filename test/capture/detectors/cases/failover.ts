import { addRefusal, edited, refused } from '../../../support/a-capture.ts'
import { isComplete } from '../fitting.ts'
import type { DetectorCases } from './case.ts'

export const cases: DetectorCases = {
  mutations: [
    {
      name: 'another backend answers after a 503',
      apply: (clean) => (isComplete(clean) ? edited(clean, (x) => addRefusal(x)) : null),
      expects: { fault: 'backend', severity: 'info' },
    },
    {
      name: 'the same backend answers with another key',
      apply: (clean) =>
        isComplete(clean)
          ? edited(clean, (x) => {
              addRefusal(x, { status: 429, backend: x.attempt.backend ?? '' })
              const first = x.attempts[0]?.ptb
              for (const name of ['authorization', 'x-api-key', 'x-goog-api-key']) {
                const own = first?.headers.find(([key]) => key === name)
                if (own) first?.header(name, own[1].replace('9c0d', '77ab'))
              }
            })
          : null,
      expects: { fault: 'backend', severity: 'info' },
    },
    {
      name: 'another backend answers where the first cannot be reached',
      apply: (clean) =>
        isComplete(clean)
          ? edited(clean, (x) => {
              addRefusal(x)
              const first = x.attempts[0]?.btp
              if (first) Object.assign(first, { headMs: null, status: null, headers: [], chunks: [] })
              first?.endAs('error', 'connect_failed')
            })
          : null,
      expects: { fault: 'network', severity: 'info' },
    },
  ],
  nearMisses: [
    {
      name: 'the same backend answers when asked once more',
      apply: (clean) =>
        isComplete(clean) ? edited(clean, (x) => addRefusal(x, { backend: x.attempt.backend ?? '' })) : null,
    },
    {
      name: 'all backends refuse',
      apply: (clean) =>
        isComplete(clean)
          ? edited(clean, (x) => addRefusal(refused(x, 503, { error: { message: 'busy' } })))
          : null,
    },
    {
      name: 'the only backend refuses',
      apply: (clean) => (isComplete(clean) ? edited(clean, (x) => refused(x, 500, {})) : null),
    },
  ],
}
