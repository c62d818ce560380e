import { expect, test } from 'vitest'
import { type BannerFacts, serveBanner } from '../../../src/cli/serve/banner.ts'

function facts(overrides: Partial<BannerFacts> = {}): BannerFacts {
  return {
    url: 'http://127.0.0.1:8000',
    version: '1.2.3',
    configFile: null,
    backends: [
      { name: 'openai', credential: 'your provider key from OPENAI_API_KEY' },
      { name: 'demo', credential: 'none needed' },
    ],
    accessKeys: 0,
    beyondLoopback: false,
    ledgerPath: null,
    capture: null,
    program: 'llmproxy',
    connectLines: [{ title: 'Claude Code', line: 'export ANTHROPIC_BASE_URL=http://127.0.0.1:8000' }],
    tryLine: 'curl http://127.0.0.1:8000/v1/models',
    ...overrides,
  }
}

test('says where it listens, what each backend uses, and what to paste', () => {
  expect(serveBanner(facts())).toBe(`llmproxy 1.2.3 listens at http://127.0.0.1:8000
  configuration  no file: defaults and environment
  access         this machine only, no access key needed

backends
  openai  your provider key from OPENAI_API_KEY
  demo    none needed

connect a client (more: llmproxy connect)
  export ANTHROPIC_BASE_URL=http://127.0.0.1:8000   # Claude Code

try it now
  curl http://127.0.0.1:8000/v1/models
`)
})

test('names the ledger once there is one', () => {
  expect(serveBanner(facts({ ledgerPath: '/data/usage.db' }))).toContain('usage records  /data/usage.db')
})

test('says how many access keys open it', () => {
  expect(serveBanner(facts({ beyondLoopback: true, accessKeys: 2 }))).toContain('2 access keys open it')
  expect(serveBanner(facts({ accessKeys: 1 }))).toContain('one access key opens it')
})
