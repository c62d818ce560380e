import { type CaptureDraft, edited, lastOf } from '../../../support/a-capture.ts'
import {
  addToolTurns,
  addUserTurn,
  hasConversation,
  type ToolTurn,
} from '../../../support/capture/tool-turns.ts'
import type { DetectorCases } from './case.ts'

type Draft = Parameters<typeof addToolTurns>[0]

/** So many turns with the same call; each result another one, or the same each time. */
function turns(
  count: number,
  result: (index: number) => string,
  args = (_index: number): object => ({ path: 'a.txt', lines: 3 }),
) {
  return Array.from(
    { length: count },
    (_, index): ToolTurn => ({
      id: `call_${index}`,
      name: 'read_file',
      arguments: args(index) as Record<string, unknown>,
      result: result(index),
    }),
  )
}

function applied(clean: CaptureDraft, edit: (x: Draft) => unknown): CaptureDraft | null {
  return hasConversation(lastOf(clean)) ? edited(clean, edit) : null
}

const sameEachTime = () => 'No such file.'
const another = (index: number) => `line ${index}`

export const cases: DetectorCases = {
  mutations: [
    {
      name: 'five times the same call with other results',
      apply: (clean) =>
        applied(clean, (x) => x.bothRequests((leg) => addToolTurns(x, leg, turns(5, another)))),
      expects: { fault: 'backend', severity: 'warn' },
    },
    {
      name: 'three times the same call with the same result',
      apply: (clean) =>
        applied(clean, (x) => x.bothRequests((leg) => addToolTurns(x, leg, turns(3, sameEachTime)))),
      expects: { fault: 'backend', severity: 'warn' },
    },
    {
      name: 'twelve times the same call, its arguments in another order each time',
      apply: (clean) => {
        const swapped = (index: number) =>
          index % 2 ? { path: 'a.txt', lines: 3 } : { lines: 3, path: 'a.txt' }
        return applied(clean, (x) =>
          x.bothRequests((leg) => addToolTurns(x, leg, turns(12, another, swapped))),
        )
      },
      expects: { fault: 'backend', severity: 'error' },
    },
  ],
  nearMisses: [
    {
      name: 'the same tool with other arguments each time',
      apply: (clean) =>
        applied(clean, (x) =>
          x.bothRequests((leg) =>
            addToolTurns(
              x,
              leg,
              turns(12, sameEachTime, (index) => ({ path: `${index}.txt` })),
            ),
          ),
        ),
    },
    {
      name: 'the user asks for the same thing every time',
      apply: (clean) =>
        applied(clean, (x) =>
          x.bothRequests((leg) => {
            for (const turn of turns(6, sameEachTime)) addToolTurns(x, addUserTurn(x, leg, 'Again!'), [turn])
          }),
        ),
    },
    {
      name: 'a tool that is asked again twice',
      apply: (clean) =>
        applied(clean, (x) => x.bothRequests((leg) => addToolTurns(x, leg, turns(2, sameEachTime)))),
    },
    {
      name: 'a loop that ended turns ago',
      apply: (clean) =>
        applied(clean, (x) =>
          x.bothRequests((leg) => addUserTurn(x, addToolTurns(x, leg, turns(8, sameEachTime)), 'Go on.')),
        ),
    },
  ],
}
