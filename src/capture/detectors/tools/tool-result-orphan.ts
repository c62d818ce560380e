import type { Detector } from '../detector.ts'
import { isGeneration } from '../generation.ts'
import { unpaired } from './pair-finding.ts'

/** Reference §4.2, 55: a result of a call that is not there, as after a conversation was shortened in the wrong place. */
export const toolResultOrphan: Detector = {
  code: 'tool_result_orphan',
  severity: 'error',
  summary: 'The conversation has a tool result whose call is not there',
  *find(subject) {
    if (!isGeneration(subject.exchange)) return
    yield* unpaired(
      subject,
      ({ orphans }) =>
        orphans.map(({ result, message }) => ({ id: result.callId, name: result.name ?? '', message })),
      ({ id, message }) => ({
        description: `The result in message ${message} answers the call ${id.slice(0, 60)}, which does not stand before it.`,
        hint: 'Shorten conversations between turns only, so that calls and their results go together.',
      }),
    )
  },
}
