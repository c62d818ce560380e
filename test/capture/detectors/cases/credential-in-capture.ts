import { edited, lastOf } from '../../../support/a-capture.ts'
import type { DetectorCases } from './case.ts'

const key = `sk-ant-api03-${'Zk3vQ8wYt1LmN5xRb7CdF2gHjP9sAeUoIi4T'}`

export const cases: DetectorCases = {
  mutations: [
    {
      name: "the client's authorization stands in the file",
      apply: (clean) => edited(clean, (x) => x.request.header('authorization', `Bearer ${key}`)),
      expects: { fault: 'proxy', severity: 'error' },
    },
    {
      name: "the provider's key stands in the file",
      apply: (clean) => edited(clean, (x) => x.ptb.header('x-api-key', key)),
      expects: { fault: 'proxy', severity: 'error' },
    },
    {
      name: 'a key in the URL stands in the file',
      apply: (clean) =>
        edited(clean, (x) => {
          const url = lastOf(clean).ptb.url ?? ''
          x.ptb.url = `${url}${url.includes('?') ? '&' : '?'}key=AIza${'SyB7Qv2Zk9TtY4mXw1LpRs8NcD3fGhJ6aEu'}`
        }),
      expects: { fault: 'proxy', severity: 'error' },
    },
    {
      name: 'a cookie of the provider stands in the file',
      apply: (clean) =>
        edited(clean, (x) => x.btp.header('set-cookie', '__cf_bm=Zk3vQ8wYt1LmN5xRb7; path=/')),
      expects: { fault: 'proxy', severity: 'error' },
    },
  ],
  nearMisses: [
    { name: 'all overwritten', apply: (clean) => clean },
    {
      name: 'short values overwritten, with no room for their kind',
      apply: (clean) =>
        edited(clean, (x) => {
          x.request
            .header('authorization', 'Bearer head-1a2b')
            .header('x-api-key', '1a2b*')
            .header('cookie', 'c-1a2b')
          x.ptb
            .header('authorization', 'Basic header-77f0******')
            .header('x-goog-api-key', '***')
            .header('cookie', '')
        }),
    },
    {
      name: 'counts of tokens are no tokens',
      apply: (clean) =>
        edited(clean, (x) =>
          x.bothAnswers((leg) =>
            leg
              .header('x-ratelimit-remaining-tokens', '39990')
              .header('openai-organization', 'user-Zk3vQ8wYt1LmN5xRb7'),
          ),
        ),
    },
    {
      name: 'an overwritten key in the URL',
      apply: (clean) =>
        edited(clean, (x) => {
          x.request.url = `${x.request.url?.split('?')[0]}?key=credential-0f1e*********************&alt=sse`
        }),
    },
  ],
}
