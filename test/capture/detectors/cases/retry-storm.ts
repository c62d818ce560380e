import {
  addRefusal,
  type CaptureDraft,
  type ExchangeDraft,
  edited,
  refused,
} from '../../../support/a-capture.ts'
import { closedAs, isComplete } from '../fitting.ts'
import type { DetectorCases } from './case.ts'

/** The same exchange so often before, so many seconds apart, each changed by `each`. */
function repeated(
  capture: CaptureDraft,
  times: number,
  seconds: number,
  each: (x: ExchangeDraft) => unknown = () => {},
): CaptureDraft {
  return edited(capture, (x, all) => {
    each(x)
    const before = Array.from({ length: times }, (_, i) => {
      const copy = x.clone()
      const openedMs = x.openedMs - (times - i) * seconds * 1000
      return Object.assign(copy, { id: `before_${i}`, openedMs, turn: null })
    })
    all.exchanges.splice(-1, 0, ...before)
  })
}

const busy = { error: { message: 'busy', type: 'server_error' } }

function hasRequest(capture: CaptureDraft): boolean {
  return isComplete(capture) && (capture.exchanges.at(-1)?.ctp?.body.length ?? 0) > 2
}

export const cases: DetectorCases = {
  mutations: [
    {
      name: 'four attempts for one request',
      apply: (clean) => (isComplete(clean) ? edited(clean, (x) => [1, 2, 3].map(() => addRefusal(x))) : null),
      expects: { fault: 'proxy', severity: 'error' },
    },
    {
      name: 'the client asks the same five times in half a minute, and is refused each time',
      apply: (clean) => (hasRequest(clean) ? repeated(clean, 4, 6, (x) => refused(x, 503, busy)) : null),
      expects: { fault: 'client', severity: 'error' },
    },
    {
      name: 'the client gives up after a second, four times, and asks the same again',
      apply: (clean) =>
        hasRequest(clean)
          ? repeated(clean, 3, 2, (x) => {
              x.answer.keepBytes(1).endAs('abort_client')
              closedAs(x, 'incomplete', 'client_disconnect', 'client_gone')
            })
          : null,
      expects: { fault: 'client', severity: 'error' },
    },
    {
      name: 'three requests of the client, with three attempts each',
      apply: (clean) =>
        hasRequest(clean)
          ? repeated(clean, 2, 5, (x) => {
              refused(x, 503, busy)
              for (const _ of [1, 2]) addRefusal(x)
            })
          : null,
      expects: { fault: 'client', severity: 'error' },
    },
  ],
  nearMisses: [
    {
      name: 'three attempts',
      apply: (clean) => (isComplete(clean) ? edited(clean, (x) => [1, 2].map(() => addRefusal(x))) : null),
    },
    {
      name: 'ten samples of one prompt, all answered',
      apply: (clean) => (hasRequest(clean) ? repeated(clean, 9, 1) : null),
    },
    {
      name: 'the same refused request every minute',
      apply: (clean) => (hasRequest(clean) ? repeated(clean, 6, 61, (x) => refused(x, 503, busy)) : null),
    },
    {
      name: 'six parallel agents with other tasks, all refused',
      apply: (clean) => {
        if (!hasRequest(clean)) return null
        const many = repeated(clean, 5, 0.1, (x) => refused(x, 503, busy))
        for (const [i, x] of many.exchanges.entries()) {
          if (x.id.startsWith('before_'))
            x.bothRequests((leg) => leg.setBody(leg.text.replace(/\}\s*$/, `,"metadata":{"task":"${i}"}}`)))
        }
        return many
      },
    },
  ],
}
