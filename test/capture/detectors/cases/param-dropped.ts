import type { ProtocolName } from '../../../../src/core/protocol-name.ts'
import { type CaptureDraft, edited, type LegDraft, lastOf } from '../../../support/a-capture.ts'
import { limitOutput } from '../../../support/capture/answer-edits.ts'
import { setTools } from '../../../support/capture/long-session.ts'
import { hasConversation } from '../../../support/capture/tool-turns.ts'
import { translated } from '../../../support/capture/translated.ts'
import type { DetectorCases } from './case.ts'

type Draft = Parameters<typeof translated>[0]

function applied(clean: CaptureDraft, edit: (x: Draft) => unknown): CaptureDraft | null {
  return hasConversation(lastOf(clean)) ? edited(clean, edit) : null
}

/** A parameter in its protocol's place; null takes it away. */
function set(x: Draft, leg: LegDraft, name: 'temperature' | 'seed', value: number | null): LegDraft {
  return leg.editJson((json) => {
    if (x.protocol === 'gemini') json.generationConfig ??= json.generation_config ?? {}
    const holder = x.protocol === 'gemini' ? json.generationConfig : json
    if (value === null) delete holder[name]
    else holder[name] = value
  })
}

const other: Record<ProtocolName, ProtocolName> = {
  'openai-chat': 'anthropic-messages',
  'openai-responses': 'gemini',
  'anthropic-messages': 'openai-chat',
  gemini: 'openai-chat',
}

function withoutLimit(leg: LegDraft): LegDraft {
  return leg.editJson((json) => {
    for (const key of ['max_tokens', 'max_completion_tokens', 'max_output_tokens']) delete json[key]
    delete json.generationConfig?.maxOutputTokens
  })
}

function elsewhere(
  clean: CaptureDraft,
  before: (x: Draft) => unknown,
  after: (x: Draft) => unknown = () => {},
) {
  let fits = false
  const done = applied(clean, (x) => {
    before(x)
    fits = x.protocol !== null && translated(x, other[x.protocol]) !== null
    if (fits) after(x)
  })
  return fits ? done : null
}

export const cases: DetectorCases = {
  mutations: [
    {
      name: 'the temperature is gone',
      apply: (clean) =>
        applied(clean, (x) => {
          set(x, x.request, 'temperature', 0.3)
          set(x, x.ptb, 'temperature', null)
        }),
      expects: { fault: 'proxy', severity: 'warn' },
    },
    {
      name: 'the limit of output tokens is gone',
      apply: (clean) =>
        applied(clean, (x) => {
          limitOutput(x, 500)
          const { request } = x.clone()
          limitOutput(x, null)
          x.request.setBody(request.body)
        }),
      expects: { fault: 'proxy', severity: 'warn' },
    },
    {
      name: 'the tools are gone',
      apply: (clean) =>
        applied(clean, (x) => {
          x.bothRequests((leg) => setTools(x, leg, ['read_file']))
          x.ptb.editJson((json) => delete json.tools)
        }),
      expects: { fault: 'proxy', severity: 'warn' },
    },
    {
      name: 'lost in translation, and nobody says so',
      apply: (clean) =>
        elsewhere(
          clean,
          (x) => limitOutput(x, 777),
          (x) => withoutLimit(x.ptb),
        ),
      expects: { fault: 'proxy', severity: 'warn' },
    },
  ],
  nearMisses: [
    {
      name: 'the same parameter under another name',
      apply: (clean) =>
        lastOf(clean).protocol === 'openai-chat'
          ? applied(clean, (x) => {
              limitOutput(x, 500)
              x.ptb.editJson((json) => {
                json.max_tokens = json.max_completion_tokens
                delete json.max_completion_tokens
              })
            })
          : null,
    },
    {
      name: 'what a protocol cannot carry is named',
      apply: (clean) => elsewhere(clean, (x) => set(x, x.request, 'seed', 7)),
    },
    {
      name: 'translated with all of it',
      apply: (clean) =>
        elsewhere(clean, (x) => {
          limitOutput(x, 600)
          setTools(x, x.request, ['read_file'])
        }),
    },
    {
      name: 'another value is no loss',
      apply: (clean) =>
        applied(clean, (x) => {
          set(x, x.request, 'temperature', 0.3)
          set(x, x.ptb, 'temperature', 1)
        }),
    },
  ],
}
