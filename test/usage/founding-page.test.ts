import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { UsageRecord } from '../../src/usage/record/record.ts'
import { type FakeProvider, startFakeProvider } from '../support/fake-provider.ts'
import { startTestProxy, type TestProxy } from '../support/start-proxy.ts'
import { tempFolder } from '../support/temp-folder.ts'
import { DatedClock } from './founding-page/dated-clock.ts'
import { type Sort, sorts } from './founding-page/exchanges.ts'
import { lines, linesOfPage } from './founding-page/lines.ts'
import { needPrograms, type Ran, runLine, valuesIn } from './founding-page/shell.ts'

const key = 'page-key-0000000000000000'
let provider: FakeProvider
let proxy: TestProxy
let empty: TestProxy
const clock = new DatedClock()

beforeAll(async () => {
  needPrograms('curl', 'jq')
  provider = await startFakeProvider()
  const backend = { api_url: `${provider.url}/v1`, api_key: key }
  const config = {
    backends: {
      openai: { ...backend, models: ['gpt-4', 'gpt-4o', 'house-model'] },
      anthropic: { ...backend, models: ['claude-3-5-sonnet-20241022', 'claude-3-5-haiku-20241022'] },
    },
    health_check: { enabled: false },
    logging: { level: 'error' },
  }
  ;[proxy, empty] = await Promise.all([
    startTestProxy({ ledger: true, config, clock }),
    startTestProxy({ ledger: true, config }),
  ])
  let done = 0
  for (const sort of sorts) {
    for (const date of sort.dates) await takePlace(sort, date, ++done)
  }
})
afterAll(async () => {
  await Promise.all([proxy?.stop(), empty?.stop()])
  await provider?.close()
})

/** One after the other, each in the ledger before the next: only the provider lets time pass. */
async function takePlace({ backend, model, stream, answer }: Sort, date: string, number: number) {
  clock.setDate(date)
  provider.next(answer(clock))
  const isChat = backend === 'openai'
  const answered = await fetch(`${proxy.url}${isChat ? '/v1/chat/completions' : '/v1/messages'}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      ...{ model: `${backend}:${model}`, stream, messages: [{ role: 'user', content: 'hello' }] },
      ...(!isChat && { max_tokens: 100 }),
    }),
  })
  expect(answered.status).toBe(200)
  await answered.text()
  await vi.waitFor(async () => expect((await recent()).total).toBe(number), { timeout: 10_000, interval: 5 })
}

async function recent(): Promise<{ records: UsageRecord[]; total: number }> {
  return (await (await fetch(`${proxy.url}/v1/usage/recent?limit=1`)).json()) as never
}

const folder = tempFolder()
const ofPage = linesOfPage()

/** Runs one of the page's lines at the proxy with forty exchanges. */
async function figures(line: string): Promise<unknown> {
  const { exitCode, stdout, stderr } = await runLine(line, proxy.url, folder)
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
  const values = valuesIn(stdout)
  return values.length === 1 ? values[0] : values
}

it.skipIf(ofPage === null)('the lines below are all that the page has on usage, word for word', () => {
  expect(ofPage).toEqual(Object.values(lines))
})

describe("after forty exchanges the page's lines print", () => {
  it('the statistics of a backend, and of one of its models', async () => {
    // Dated names count too, gpt-4o is another model: 17 × $0.042
    expect(await figures(lines.statsOfModel)).toMatchObject({
      request_count: 17,
      total_cost: 0.714,
      backend_reported_prompt_tokens: 17_000,
      backend_reported_completion_tokens: 3_400,
      unpriced_requests: 0,
    })
    // 17 + 8 + 2 + 2; 0.714 + 8 × 0.005 + 2 × 0.0000675
    expect(await figures(lines.statsOfBackend)).toMatchObject({
      request_count: 29,
      total_cost: 0.754135,
      error_rate: 0,
      unpriced_requests: 2,
      requests_without_backend_usage: 2,
      cached_tokens: 6_400,
      outcome_counts: { complete: 29 },
      status_code_counts: { 200: 29 },
    })
  })

  it('the last exchanges, newest first', async () => {
    const page = (await figures(lines.recent)) as { records: UsageRecord[]; total: number; has_more: boolean }
    expect(page).toMatchObject({ total: 40, has_more: false })
    expect(page.records).toHaveLength(40)
    expect(page.records[0]).toMatchObject({
      timestamp: '2026-01-01T00:00:00.000Z',
      model: 'gpt-4',
      cost_usd: 0.042,
    })
    expect(page.records.at(-1)).toMatchObject({ timestamp: '2025-11-15T12:00:00.000Z', outcome: 'complete' })
    expect(page.records.filter((record) => record.backend_reported_usage === null)).toHaveLength(3)
    expect(page.records.filter((record) => record.cost_usd === null)).toHaveLength(2)
  })

  it.each([
    ['printed', lines.export],
    ['written to a file', lines.exportToFile],
  ])("December's exchanges, %s", async (_how, line) => {
    const { exitCode, stdout } = await runLine(line, proxy.url, folder)
    expect(exitCode).toBe(0)
    const text = line === lines.export ? stdout : readFileSync(join(folder, 'usage_data.json'), 'utf8')
    const exported = JSON.parse(text) as { records: UsageRecord[]; record_count: number }
    // Without three in November and the first moment of January.
    expect(exported.record_count).toBe(36)
    expect(exported.records).toHaveLength(36)
    expect(exported.records[0]?.timestamp).toBe('2025-12-01T00:00:00.000Z')
    // The window's last second is in it to its end.
    expect(exported.records.at(-1)?.timestamp).toBe('2025-12-31T23:59:59.500Z')
    // 14 × 0.042 + 8 × 0.005 + 2 × 0.0000675 + 8 × 0.00789 + 0.000114 + 0.00012
    const nanoUsd = exported.records.map(({ cost_usd }) => Math.round((cost_usd ?? 0) * 1e9))
    expect(nanoUsd.reduce((sum, cost) => sum + cost, 0)).toBe(691_489_000)
  })

  it('the statistics of a model by its name without a date, from December on', async () => {
    // 8 × 0.00789 + 0.000114, of which the last one is counted by us
    expect(await figures(lines.statsFrom)).toMatchObject({
      request_count: 9,
      total_cost: 0.063234,
      estimated_requests: 1,
      requests_without_backend_usage: 1,
      // 8 × (600 + 300), 8 × 400
      backend_reported_prompt_tokens: 7_200,
      backend_reported_completion_tokens: 3_200,
    })
  })

  it('the times until the first token, and of whole exchanges', async () => {
    // 2 × 100, 9 × 200, 17 × 300, 2 × 400, 8 × 500, 600, 900: together 13,400
    const ttft = {
      ...{ count: 40, min_ms: 100, max_ms: 900, avg_ms: 335 },
      ...{ p50_ms: 300, p95_ms: 600, p99_ms: 900 },
    }
    // 17 × 300, 2 × 400 and 2 × (100 + 300), 8 × 500, 600, 900, 9 × (200 + 800): together 21,200
    const duration = {
      ...{ count: 40, min_ms: 300, max_ms: 1_000, avg_ms: 530 },
      ...{ p50_ms: 400, p95_ms: 1_000, p99_ms: 1_000 },
    }
    expect(await figures(lines.ttft)).toEqual(ttft)
    expect(await figures(lines.latencies)).toEqual([ttft, duration])
  })

  it("our tokens and the provider's, and the difference", async () => {
    // Ours: 29 × (7 + 5); theirs: 17 × 1,200 + 8 × 2,100 + 2 × 550
    expect(await figures(lines.reconciliation)).toEqual({
      proxy_tokens: 348,
      backend_tokens: 38_300,
      difference: -37_952,
    })
  })

  it('what a request costs', async () => {
    // 9 × 0.00789 + 0.000114 + 0.00012
    expect(await figures(lines.costs)).toEqual({
      total_cost: 0.071244,
      requests: 11,
      cost_per_request: 0.071244 / 11,
    })
  })
})

describe("with an empty ledger the page's lines", () => {
  const { costs, ...others } = lines

  it.each(Object.entries(others))('end well: %s', async (_name, line) => {
    expect(await runLine(line, empty.url, folder)).toMatchObject({ exitCode: 0, stderr: '' })
  })

  it('print zeros and nulls', async () => {
    const printed = async (line: string) => valuesIn((await runLine(line, empty.url, folder)).stdout)
    expect(await printed(lines.reconciliation)).toEqual([
      { proxy_tokens: 0, backend_tokens: 0, difference: 0 },
    ])
    expect(await printed(lines.latencies)).toEqual([null, null])
    expect(await printed(lines.statsOfBackend)).toMatchObject([{ request_count: 0, total_cost: 0 }])
  })

  it('all but the division by the number of requests', async () => {
    const ran: Ran = await runLine(costs, empty.url, folder)
    expect(ran).toMatchObject({ exitCode: 5, stdout: '' })
    expect(ran.stderr).toContain('cannot be divided')
  })
})
