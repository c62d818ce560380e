import type { ProtocolName } from '../../../../src/core/protocol-name.ts'
import { type CaptureDraft, edited, lastOf } from '../../../support/a-capture.ts'
import { setTools } from '../../../support/capture/long-session.ts'
import { addUserTurn, editConversation, hasConversation } from '../../../support/capture/tool-turns.ts'
import { translated } from '../../../support/capture/translated.ts'
import type { DetectorCases } from './case.ts'

type Draft = Parameters<typeof setTools>[0]

function applied(clean: CaptureDraft, edit: (x: Draft) => unknown): CaptureDraft | null {
  return hasConversation(lastOf(clean)) ? edited(clean, edit) : null
}

const other: Record<ProtocolName, ProtocolName> = {
  'openai-chat': 'anthropic-messages',
  'openai-responses': 'gemini',
  'anthropic-messages': 'openai-chat',
  gemini: 'openai-responses',
}

function elsewhere(clean: CaptureDraft, edit: (x: Draft) => unknown = () => {}): CaptureDraft | null {
  let fits = false
  const done = applied(clean, (x) => {
    addUserTurn(x, x.request, 'Tell me of the blue heron.')
    fits = x.protocol !== null && translated(x, other[x.protocol]) !== null
    if (fits) edit(x)
  })
  return fits ? done : null
}

export const cases: DetectorCases = {
  mutations: [
    {
      name: 'the proxy lost the last message',
      apply: (clean) =>
        applied(clean, (x) => {
          x.bothRequests((leg) => addUserTurn(x, leg, 'And be brief, please.'))
          editConversation(x, x.ptb, (turns) => turns.pop())
        }),
      expects: { fault: 'proxy', severity: 'error' },
    },
    {
      name: 'the proxy lost a tool',
      apply: (clean) =>
        applied(clean, (x) => {
          setTools(x, x.request, ['read_file', 'write_file'])
          setTools(x, x.ptb, ['read_file'])
        }),
      expects: { fault: 'proxy', severity: 'error' },
    },
    {
      name: 'the proxy cut a message off',
      apply: (clean) =>
        applied(clean, (x) => {
          addUserTurn(x, x.request, 'Tell me of the blue heron and of the grey one.')
          addUserTurn(x, x.ptb, 'Tell me of the blue heron')
        }),
      expects: { fault: 'proxy', severity: 'error' },
    },
    {
      name: 'the proxy changed a parameter',
      apply: (clean) =>
        applied(clean, (x) => {
          x.request.editJson((json) => Object.assign(json, { user: 'u1' }))
          x.ptb.editJson((json) => Object.assign(json, { user: 'u2' }))
        }),
      expects: { fault: 'proxy', severity: 'note' },
    },
    {
      name: 'a message was lost in translation',
      apply: (clean) => elsewhere(clean, (x) => x.ptb.replaceText('Tell me of the blue heron.', 'Hm.')),
      expects: { fault: 'proxy', severity: 'error' },
    },
  ],
  nearMisses: [
    {
      name: 'another model, and the usage asked for',
      apply: (clean) =>
        lastOf(clean).protocol === 'openai-chat'
          ? applied(clean, (x) => {
              x.request.editJson((json) => {
                delete json.stream_options
                json.session_id = 's_1'
              })
              x.ptb.editJson((json) =>
                Object.assign(json, { model: 'm', stream_options: { include_usage: true } }),
              )
              x.attempt.model = 'm'
            })
          : null,
    },
    {
      name: 'the same JSON, written in another way',
      apply: (clean) =>
        applied(clean, (x) =>
          x.ptb.setBody(JSON.stringify(Object.fromEntries(Object.entries(x.ptb.json).reverse()), null, 2)),
        ),
    },
    { name: 'translated for another protocol', apply: (clean) => elsewhere(clean) },
    {
      name: 'a sealed thought of another provider was taken out',
      apply: (clean) =>
        lastOf(clean).protocol === 'anthropic-messages'
          ? applied(clean, (x) => {
              const thought = { type: 'thinking', thinking: 'Hm.', signature: 'bGxtcHJveHkvdjEvWyJnZW1pbmki' }
              const turn = (content: object[]) => ({ role: 'assistant', content })
              const words = { type: 'text', text: 'Hello.' }
              editConversation(x, x.request, (turns) => turns.push(turn([thought, words])))
              editConversation(x, x.ptb, (turns) => turns.push(turn([words])))
            })
          : null,
    },
  ],
}
