import { addRefusal, edited, type LegDraft } from '../../../support/a-capture.ts'
import type { DetectorCases } from './case.ts'

const names = ['authorization', 'x-api-key', 'x-goog-api-key']
const accessKey = 'access-key-1a2b*********************************'
const login = 'credential-77aa*********************************'
const ours = 'provider-key-9c0d**********************************'

/** With these credentials and no others. */
function opens(leg: LegDraft, headers: Record<string, string>): LegDraft {
  for (const name of names) leg.header(name, null)
  for (const [name, value] of Object.entries(headers)) leg.header(name, value)
  return leg
}

export const cases: DetectorCases = {
  mutations: [
    {
      name: 'the access key went to the provider',
      apply: (clean) =>
        edited(clean, (x) => {
          opens(x.request, { authorization: `Bearer ${accessKey}` })
          opens(x.ptb, { authorization: `Bearer ${accessKey}` })
        }),
      expects: { fault: 'proxy', severity: 'error' },
    },
    {
      name: "the client's key went along with the proxy's own",
      apply: (clean) =>
        edited(clean, (x) => {
          opens(x.request, { 'x-api-key': login })
          opens(x.ptb, { authorization: `Bearer ${ours}`, 'x-api-key': login })
        }),
      expects: { fault: 'proxy', severity: 'error' },
    },
    {
      name: "the client's login went to a backend of another protocol",
      apply: (clean) =>
        edited(clean, (x) => {
          opens(x.request, { authorization: `Bearer ${login}` })
          opens(x.ptb, { 'x-api-key': login })
          x.attempt.protocol = x.protocol === 'anthropic-messages' ? 'openai-chat' : 'anthropic-messages'
        }),
      expects: { fault: 'proxy', severity: 'error' },
    },
    {
      name: "the client's login went to the model that replaces",
      apply: (clean) =>
        edited(clean, (x) => {
          opens(x.request, { authorization: `Bearer ${login}` })
          opens(x.ptb, { authorization: `Bearer ${login}` })
          if (x.closed?.attempts[0]) x.closed.attempts[0].replaces = true
        }),
      expects: { fault: 'proxy', severity: 'error' },
    },
  ],
  nearMisses: [
    { name: "the proxy's own key in place of the client's", apply: (clean) => clean },
    {
      name: "the client's own login, at its own provider",
      apply: (clean) =>
        edited(clean, (x) => {
          opens(x.request, { authorization: `Bearer ${login}` })
          opens(x.ptb, { authorization: `Bearer ${login}` })
        }),
    },
    {
      name: 'an access key beside the login, and the login only passed on',
      apply: (clean) =>
        edited(clean, (x) => {
          opens(x.request, { authorization: `Bearer ${login}` }).header('x-llmproxy-key', accessKey)
          opens(x.ptb, { authorization: `Bearer ${login}` })
        }),
    },
    {
      name: 'other secrets with the same four digits',
      apply: (clean) =>
        edited(clean, (x) => {
          opens(x.request, { authorization: `Bearer ${accessKey}` })
          opens(x.ptb, { authorization: 'Bearer provider-key-1a2b**********************' })
        }),
    },
    {
      name: 'a failover between backends with keys of ours',
      apply: (clean) => edited(clean, (x) => addRefusal(x)),
    },
  ],
}
