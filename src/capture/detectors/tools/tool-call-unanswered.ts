import type { Detector } from '../detector.ts'
import { isGeneration } from '../generation.ts'
import { unpaired } from './pair-finding.ts'

/** Reference §4.2, 54: the conversation went on without a tool's result, which providers refuse. */
export const toolCallUnanswered: Detector = {
  code: 'tool_call_unanswered',
  severity: 'error',
  summary: 'The conversation goes on behind a tool call that has no result',
  *find(subject) {
    if (!isGeneration(subject.exchange)) return
    yield* unpaired(
      subject,
      ({ unanswered }) => unanswered.map(({ call, message }) => ({ id: call.id, name: call.name, message })),
      ({ name, message }) => ({
        description: `The call of ${name || 'a tool'} in message ${message} has no result, and the conversation went on.`,
        hint: 'Add a result for every call, also where the user broke it off: a text that says so is enough.',
      }),
    )
  },
}
