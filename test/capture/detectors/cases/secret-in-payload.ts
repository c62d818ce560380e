import { type CaptureDraft, edited, lastOf } from '../../../support/a-capture.ts'
import { addUserTurn, hasConversation } from '../../../support/capture/tool-turns.ts'
import type { DetectorCases } from './case.ts'

type Draft = Parameters<typeof addUserTurn>[0]

function said(
  clean: CaptureDraft,
  text: string,
  edit: (x: Draft) => unknown = () => {},
): CaptureDraft | null {
  if (!hasConversation(lastOf(clean))) return null
  return edited(clean, (x) => {
    x.bothRequests((leg) => addUserTurn(x, leg, text))
    edit(x)
  })
}

/** Keys in two pieces, so that nobody takes them for real ones. */
const awsKey = `AKIA${'Q7TZ3VN5WJ2LXK4R'}`
const githubToken = `ghp_${'Zk3vQ8wYt1LmN5xRb7CdF2gHjP9sAeUoIi4T'}`
const openAiKey = `sk-proj-${'b7Qv2Zk9TtY4mXw1LpRs8NcD3fGhJ6aEuVoK5iB0'}`
const privateKey = '-----BEGIN RSA PRIVATE KEY-----\nMIIEowIBAAKCAQEA0Z3VS5JJcds3xfn'

export const cases: DetectorCases = {
  mutations: [
    {
      name: 'a key of AWS in a question',
      apply: (clean) => said(clean, `Why does this fail? AWS_ACCESS_KEY_ID=${awsKey} ./deploy.sh`),
      expects: { fault: 'client', severity: 'error' },
    },
    {
      name: 'a token of GitHub in a file',
      apply: (clean) => said(clean, `remote: https://x-access-token:${githubToken}@github.com/a/b.git`),
      expects: { fault: 'client', severity: 'error' },
    },
    {
      name: 'a private key',
      apply: (clean) => said(clean, `Here is my key:\n${privateKey}`),
      expects: { fault: 'client', severity: 'error' },
    },
    {
      name: 'a key that redaction missed',
      apply: (clean) => said(clean, `export OPENAI_API_KEY="${openAiKey}"`),
      expects: { fault: 'client', severity: 'error' },
    },
    {
      name: "the proxy's own provider key, overwritten",
      apply: (clean) =>
        said(clean, 'The .env says provider-key-9c0d******************************* and PORT=80'),
      expects: { fault: 'client', severity: 'error' },
    },
    {
      name: 'what looked like a key and was overwritten',
      apply: (clean) => said(clean, 'OPENAI_API_KEY=token-51fe****************************************'),
      expects: { fault: 'client', severity: 'warn' },
    },
    {
      name: 'the proxy wrote it into the request',
      apply: (clean) => said(clean, 'Hello', (x) => addUserTurn(x, x.ptb, `debug: ${awsKey}`)),
      expects: { fault: 'proxy', severity: 'error' },
    },
  ],
  nearMisses: [
    {
      name: 'keys as documentation writes them',
      apply: (clean) =>
        said(
          clean,
          'Set OPENAI_API_KEY=sk-xxxxxxxxxxxxxxxxxxxxxxxx or sk-your-api-key-goes-here, or AKIAIOSFODNN7EXAMPLE, postgres://user:password@localhost/db',
        ),
    },
    {
      name: 'hashes, ids and long random words',
      apply: (clean) =>
        said(
          clean,
          'commit 9f8e7d6c5b4a39281706f5e4d3c2b1a09f8e7d6c id 550e8400-e29b-41d4-a716-446655440000 call_N2BikjqNxghwNIwHl2XKfb0F risk-averse-and-other-words-2024-01-01 sha512-Zk3vQ8wYt1LmN5xRb7CdF2gHjP9sAeUoIi4TZk3vQ8wYt1LmN5xRb7CdF2gHjP9sAeUoIi4T==',
        ),
    },
    {
      name: 'words that look like a mark',
      apply: (clean) => said(clean, 'The header-face and the token-cafe; login-beef, provider-key-feed.'),
    },
    {
      name: 'a key in the middle of an opaque state',
      apply: (clean) =>
        said(
          clean,
          `gAAAAABpN3b5wJGYeGBX_VyMX1Rwkrgjdp8EUH0IKM4F0zZIR_axuOe2VVQrN-${openAiKey}_2Q18BXLWAo5JTB_ZyUnsdj`,
        ),
    },
  ],
}
