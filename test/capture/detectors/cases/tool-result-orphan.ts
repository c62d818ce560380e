import { type CaptureDraft, edited, lastOf } from '../../../support/a-capture.ts'
import {
  addResult,
  addToolTurns,
  hasConversation,
  type ToolTurn,
} from '../../../support/capture/tool-turns.ts'
import type { DetectorCases } from './case.ts'

const turn: ToolTurn = { id: 'call_a1', name: 'read_file', arguments: { path: 'a.txt' }, result: 'Hello' }
const stranger: ToolTurn = { ...turn, id: 'call_z9' }

type Draft = Parameters<typeof addToolTurns>[0]

/** Gemini ties results to calls by their name only where no ids are told. */
function applied(clean: CaptureDraft, edit: (x: Draft) => unknown): CaptureDraft | null {
  return hasConversation(lastOf(clean)) ? edited(clean, edit) : null
}

export const cases: DetectorCases = {
  mutations: [
    {
      name: 'a result for which nobody called',
      apply: (clean) => applied(clean, (x) => x.bothRequests((leg) => addResult(x, leg, stranger))),
      expects: { fault: 'client' },
    },
    {
      name: 'a second result for a call that has one',
      apply: (clean) =>
        applied(clean, (x) => x.bothRequests((leg) => addResult(x, addToolTurns(x, leg, [turn]), turn))),
      expects: { fault: 'client' },
    },
    {
      name: 'the proxy lost the call',
      apply: (clean) =>
        applied(clean, (x) => {
          addToolTurns(x, x.request, [turn])
          addResult(x, x.ptb, turn)
        }),
      expects: { fault: 'proxy', severity: 'error' },
    },
  ],
  nearMisses: [
    {
      name: 'the call stands before its result',
      apply: (clean) =>
        applied(clean, (x) => x.bothRequests((leg) => addToolTurns(x, leg, [turn, stranger]))),
    },
    {
      name: 'the call is in an answer that the provider keeps',
      apply: (clean) =>
        applied(clean, (x) =>
          x.bothRequests((leg) =>
            addResult(x, leg, stranger).editJson((json) =>
              Object.assign(json, { previous_response_id: 'resp_1' }),
            ),
          ),
        ) && lastOf(clean).protocol === 'openai-responses'
          ? applied(clean, (x) =>
              x.bothRequests((leg) =>
                addResult(x, leg, stranger).editJson((json) =>
                  Object.assign(json, { previous_response_id: 'resp_1' }),
                ),
              ),
            )
          : null,
    },
    {
      name: 'a call without a result',
      apply: (clean) =>
        applied(clean, (x) => x.bothRequests((leg) => addToolTurns(x, leg, [{ ...turn, result: null }]))),
    },
  ],
}
