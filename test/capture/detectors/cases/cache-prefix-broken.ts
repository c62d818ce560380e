import { type CaptureDraft, edited } from '../../../support/a-capture.ts'
import { longSession, setInstructions, setTools } from '../../../support/capture/long-session.ts'
import { editConversation } from '../../../support/capture/tool-turns.ts'
import type { DetectorCases } from './case.ts'

type Draft = Parameters<typeof setTools>[0]

/** The first of the two turns and the second, changed in both requests. */
function applied(clean: CaptureDraft, edit: (first: Draft, second: Draft) => unknown): CaptureDraft | null {
  const session = longSession(clean)
  return (
    session &&
    edited(session, (second, { exchanges }) => {
      const first = exchanges.at(-2)
      if (first) edit(first, second)
    })
  )
}

export const cases: DetectorCases = {
  mutations: [
    {
      name: 'the time of day in the instructions',
      apply: (clean) =>
        applied(clean, (first, second) => {
          first.bothRequests((leg) => setInstructions(first, leg, 'Be brief. It is 2026-01-05 12:00:01.'))
          second.bothRequests((leg) => setInstructions(second, leg, 'Be brief. It is 2026-01-05 12:01:13.'))
        }),
      expects: { fault: 'client', severity: 'warn' },
    },
    {
      name: 'the tools in another order',
      apply: (clean) =>
        applied(clean, (first, second) => {
          first.bothRequests((leg) => setTools(first, leg, ['read_file', 'write_file', 'list_files']))
          second.bothRequests((leg) => setTools(second, leg, ['write_file', 'list_files', 'read_file']))
        }),
      expects: { fault: 'client', severity: 'warn' },
    },
    {
      name: 'an earlier message was changed',
      apply: (clean) =>
        applied(clean, (_first, second) =>
          second.bothRequests((leg) => leg.replaceText('Line 7 of the manual', 'Line seven of the manual')),
        ),
      expects: { fault: 'client', severity: 'warn' },
    },
  ],
  nearMisses: [
    { name: 'the next turn goes on where the last one ended', apply: (clean) => longSession(clean) },
    {
      name: 'a helper of the same session asks something of its own',
      apply: (clean) =>
        applied(clean, (_first, second) =>
          second.bothRequests((leg) =>
            editConversation(second, leg, (turns, json) => {
              turns.splice(
                0,
                turns.length,
                second.protocol === 'gemini'
                  ? { role: 'user', parts: [{ text: 'Give it a title.' }] }
                  : { role: 'user', content: 'Give it a title.' },
              )
              delete json.tools
            }),
          ),
        ),
    },
    {
      name: 'the conversation was shortened',
      apply: (clean) =>
        applied(clean, (_first, second) =>
          second.bothRequests((leg) =>
            editConversation(second, leg, (turns) => turns.splice(0, turns.length - 2)),
          ),
        ),
    },
    {
      name: 'a cache breakpoint moves on',
      apply: (clean) =>
        applied(clean, (_first, second) =>
          second.protocol === 'anthropic-messages'
            ? second.bothRequests((leg) =>
                editConversation(second, leg, (turns) => {
                  for (const turn of turns)
                    if (Array.isArray(turn.content))
                      for (const part of turn.content) delete part.cache_control
                  turns.at(-1).content = [
                    { type: 'text', text: turns.at(-1).content, cache_control: { type: 'ephemeral' } },
                  ]
                }),
              )
            : null,
        ),
    },
  ],
}
