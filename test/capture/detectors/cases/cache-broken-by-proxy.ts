import { addRefusal, type CaptureDraft, edited } from '../../../support/a-capture.ts'
import { longSession, setInstructions, setTools } from '../../../support/capture/long-session.ts'
import type { DetectorCases } from './case.ts'

type Draft = Parameters<typeof setTools>[0]

function applied(clean: CaptureDraft, edit: (second: Draft, first: Draft) => unknown): CaptureDraft | null {
  const session = longSession(clean)
  return session && edited(session, (second, { exchanges }) => edit(second, exchanges.at(-2) ?? second))
}

export const cases: DetectorCases = {
  mutations: [
    {
      name: 'the proxy put a time into the instructions',
      apply: (clean) => applied(clean, (second) => setInstructions(second, second.ptb, 'It is 12:01.')),
      expects: { fault: 'proxy', severity: 'error' },
    },
    {
      name: 'the proxy put the tools in another order',
      apply: (clean) =>
        applied(clean, (second, first) => {
          for (const x of [first, second]) x.bothRequests((leg) => setTools(x, leg, ['a_tool', 'b_tool']))
          setTools(second, second.ptb, ['b_tool', 'a_tool'])
        }),
      expects: { fault: 'proxy', severity: 'error' },
    },
    {
      name: 'the proxy changed an earlier message',
      apply: (clean) =>
        applied(clean, (second) =>
          second.ptb.replaceText('Line 7 of the manual', 'Line seven of the manual'),
        ),
      expects: { fault: 'proxy', severity: 'error' },
    },
  ],
  nearMisses: [
    {
      name: 'the client itself changed it',
      apply: (clean) =>
        applied(clean, (second) =>
          second.bothRequests((leg) => leg.replaceText('Line 7 of the manual', 'Line seven of the manual')),
        ),
    },
    {
      name: 'the proxy asked for the usage and renamed the model',
      apply: (clean) =>
        applied(clean, (second) =>
          second.ptb.editJson((json) =>
            Object.assign(json, { model: 'renamed', stream_options: { include_usage: true } }),
          ),
        ),
    },
    {
      name: 'another backend wants another form',
      apply: (clean) =>
        applied(clean, (second) => {
          setInstructions(second, second.ptb, 'You are at another provider now.')
          second.attempt.backend = 'another'
        }),
    },
    { name: 'the first backend refused', apply: (clean) => applied(clean, (second) => addRefusal(second)) },
  ],
}
