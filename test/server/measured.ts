import { expect, onTestFinished, vi } from 'vitest'
import {
  anthropicAnswer,
  chatAnswer,
  chatFrames,
  chatStream,
  type FakeProvider,
  openaiError,
  reset,
  type Script,
  stall,
  startFakeProvider,
  streamHead,
  write,
} from '../support/fake-provider.ts'
import { documentedJson } from '../support/openapi.ts'
import { openStream } from '../support/raw-client.ts'
import { type Scrape, scrapeOf } from '../support/scrape.ts'
import { startTestProxy, type TestProxy } from '../support/start-proxy.ts'

export const admin = 'lp_admin_0123456789abcdef'
export const user = 'lp_user_0123456789abcdef'
export const asAdmin = { 'x-llmproxy-key': admin }
/** Statistics leave counts out where nothing is said. */
export const everyPurpose = 'call_purpose=chat,count_tokens,title,embedding,other'

/** Two OpenAI backends, `a` before `b`, and a plan at `anthropic`; with prices for all models but `unpriced`. */
export async function startMeasured({ ledger = true, checks = false, config = {} as object } = {}) {
  const [a, b] = await Promise.all([startFakeProvider(), startFakeProvider()])
  const plan = await startFakeProvider(anthropicAnswer({ usage: { prompt: 9, completion: 4 } }))
  const backend = ({ url }: FakeProvider) => ({
    ...{ type: 'openai', api_url: `${url}/v1`, api_key: 'sk-0000000000000000000000' },
    ...{ stream_usage: 'never', models: ['m', 'unpriced'] },
  })
  const price = { input: 1_000, output: 2_000, cache_read: 500 }
  const proxy = await startTestProxy({
    ...{ ledger, checks },
    config: {
      auth: {
        api_keys: [
          { name: 'root', key: admin, role: 'admin' },
          { name: 'uma', key: user },
        ],
      },
      backends: {
        'openai.a': backend(a),
        'openai.b': backend(b),
        anthropic: { api_url: `${plan.url}/v1`, api_key: `sk-ant-oat01-${'0'.repeat(40)}`, models: ['p'] },
      },
      failover_routes: { both: ['openai.a:m', 'openai.b:m'] },
      usage_tracking: { prices: { 'openai.a:m': price, 'openai.b:m': price, 'anthropic:p': price } },
      logging: { level: 'error' },
      ...config,
    },
  })
  const stop = async () => {
    await proxy.stop()
    await Promise.all([a.close(), b.close(), plan.close()])
  }
  return { proxy, a, b, stop }
}

export async function measuredInTest(options: Parameters<typeof startMeasured>[0] = {}) {
  const measured = await startMeasured(options)
  onTestFinished(measured.stop)
  return measured
}

export async function ask(proxy: TestProxy, body: object, key = user): Promise<number> {
  const answer = await fetch(`${proxy.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'x-llmproxy-key': key },
    body: JSON.stringify({ messages: [{ role: 'user', content: 'hi' }], ...body }),
  })
  await answer.text().catch(() => '')
  return answer.status
}

export async function statsOf({ url }: TestProxy, query: string): Promise<Record<string, number>> {
  const answer = await fetch(`${url}/v1/usage/stats?${query}`, { headers: asAdmin })
  return (await documentedJson(answer)) as Record<string, number>
}

/** When as many exchanges are settled as have closed. */
export async function settled({ url }: TestProxy, requests: number): Promise<Scrape> {
  return await vi.waitFor(
    async () => {
      const seen = await scrapeOf(url, asAdmin)
      expect(seen.value('llmproxy_requests_total')).toBe(requests)
      expect(seen.value('llmproxy_in_flight_requests')).toBe(0)
      return seen
    },
    { timeout: 9_000 },
  )
}

/** One of each: whole, streamed, without a report, cut off, failed, failed over, refused, unpriced, and left by its client. */
export async function mixedExchanges({
  proxy,
  a,
  b,
}: Awaited<ReturnType<typeof startMeasured>>): Promise<number> {
  const usage = { prompt: 30, completion: 11, cached: 8 }
  const begun: Script = [streamHead(), write(chatFrames(['Hello', ' there']).slice(0, 2).join(''))]
  a.answer(chatAnswer({ usage, headers: { 'x-ratelimit-limit-requests': '5000' } }))
  b.answer(chatAnswer({ usage: { prompt: 5, completion: 2 } }))
  expect(await ask(proxy, { model: 'openai.a:m' })).toBe(200)
  expect(await ask(proxy, { model: 'openai.a:m' }, admin)).toBe(200)
  expect(await ask(proxy, { model: 'openai.b:unpriced' })).toBe(200)
  expect(await ask(proxy, { model: 'anthropic:p', max_tokens: 9 })).toBe(200)
  a.next(chatStream(['one', ' two'], { usage }))
  await ask(proxy, { model: 'openai.a:m', stream: true })
  a.next(chatStream(['three', ' four']))
  await ask(proxy, { model: 'openai.a:m', stream: true })
  a.next([...begun, reset()])
  await ask(proxy, { model: 'openai.a:m', stream: true }).catch(() => 0)
  a.next(openaiError(400))
  expect(await ask(proxy, { model: 'openai.a:m' })).toBe(400)
  a.next(openaiError(500))
  expect(await ask(proxy, { model: 'both' })).toBe(200)
  expect(await ask(proxy, {})).toBe(400)
  a.next([...begun, stall()])
  const stream = await openStream(`${proxy.url}/v1/chat/completions`, {
    headers: { 'x-llmproxy-key': user },
    body: JSON.stringify({ model: 'openai.a:m', stream: true, messages: [{ role: 'user', content: 'x' }] }),
  })
  stream.abort()
  return 11
}
