import { type CaptureDraft, edited, lastOf } from '../../../support/a-capture.ts'
import {
  addToolTurns,
  addUserTurn,
  hasConversation,
  type ToolTurn,
} from '../../../support/capture/tool-turns.ts'
import type { DetectorCases } from './case.ts'

const answered: ToolTurn = { id: 'call_a1', name: 'read_file', arguments: { path: 'a.txt' }, result: 'Hello' }
const open: ToolTurn = { id: 'call_b2', name: 'read_file', arguments: { path: 'b.txt' }, result: null }

type Draft = Parameters<typeof addToolTurns>[0]
type Leg = Parameters<typeof addToolTurns>[1]

function applied(clean: CaptureDraft, edit: (x: Draft) => unknown): CaptureDraft | null {
  return hasConversation(lastOf(clean)) ? edited(clean, edit) : null
}

function goOn(x: Draft, leg: Leg, turns: readonly ToolTurn[]): Leg {
  return addUserTurn(x, addToolTurns(x, leg, turns), 'And now?')
}

export const cases: DetectorCases = {
  mutations: [
    {
      name: 'the user goes on without the result',
      apply: (clean) => applied(clean, (x) => x.bothRequests((leg) => goOn(x, leg, [open]))),
      expects: { fault: 'client' },
    },
    {
      name: 'the first of two calls was never answered',
      apply: (clean) => applied(clean, (x) => x.bothRequests((leg) => goOn(x, leg, [open, answered]))),
      expects: { fault: 'client' },
    },
    {
      name: 'the proxy lost the result',
      apply: (clean) =>
        applied(clean, (x) => {
          goOn(x, x.request, [{ ...open, result: 'Hello' }])
          goOn(x, x.ptb, [open])
        }),
      expects: { fault: 'proxy', severity: 'error' },
    },
  ],
  nearMisses: [
    {
      name: 'all calls are answered',
      apply: (clean) => applied(clean, (x) => x.bothRequests((leg) => goOn(x, leg, [answered]))),
    },
    {
      name: 'a model that numbers its calls anew in every turn',
      apply: (clean) =>
        applied(clean, (x) =>
          x.bothRequests((leg) => goOn(x, leg, [answered, { ...answered, result: 'World' }, answered])),
        ),
    },
    {
      name: 'a conversation that ends with the call',
      apply: (clean) =>
        applied(clean, (x) => x.bothRequests((leg) => addToolTurns(x, leg, [answered, open]))),
    },
  ],
}
