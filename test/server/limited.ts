import { expect, vi } from 'vitest'
import type { UsageRecord } from '../../src/usage/record/record.ts'
import { documentedJson } from '../support/openapi.ts'
import type { TestProxy } from '../support/start-proxy.ts'

/** What the tests of limits share: a token is a thousandth of a dollar, so that sums can be read off. */

export const noon = Date.UTC(2026, 0, 5, 12)
export const admin = 'admin'
const usdPerMillion = { input: 1_000, output: 1_000 }

/** What the provider reports of every call: ten cents. */
export const reported = { prompt: 10, completion: 90 }

export const keyOf = (name: string) => `lp_${name}_0123456789abcdef`
export const aKey = (name: string, more: object = {}) => ({ name, key: keyOf(name), ...more })

/** An `openai` and an `anthropic` at these origins, whose models `m`, `m2` and `claude-m` have prices. */
export function limitedConfig(
  origins: { openai: string; anthropic: string },
  apiKeys: readonly object[],
  usageTracking: object = {},
) {
  const at = (origin: string) => ({ api_url: `${origin}/v1`, api_key: 'sk-0000000000000000000000' })
  return {
    auth: { api_keys: [keyOf(admin), ...apiKeys] },
    backends: {
      openai: { ...at(origins.openai), stream_usage: 'never', models: ['m', 'm2', 'unpriced'] },
      anthropic: {
        ...{ ...at(origins.anthropic), models: ['claude-m', 'claude-forbidden'] },
        ...{ credentials: 'client_first', trust_client_credentials: true },
      },
    },
    model_aliases: [{ pattern: 'nice', replacement: 'anthropic:claude-forbidden' }],
    failover_routes: { safe: ['anthropic:claude-forbidden'], twice: ['anthropic:claude-m', 'openai:m'] },
    usage_tracking: {
      prices: { 'openai:m': usdPerMillion, 'openai:m2': usdPerMillion, 'anthropic:claude-m': usdPerMillion },
      ...usageTracking,
    },
    logging: { level: 'error' },
  }
}

export function post(proxy: TestProxy, user: string, path: string, body: object, init: RequestInit = {}) {
  return fetch(proxy.url + path, {
    method: 'POST',
    headers: { 'x-llmproxy-key': keyOf(user), 'content-type': 'application/json' },
    body: JSON.stringify(body),
    ...init,
  })
}

/** A call that may take `maxTokens` of an answer. Its prompt is set aside as some 38 tokens: half its bytes. */
export function ask(proxy: TestProxy, user: string, maxTokens: number, more: object = {}) {
  const messages = [{ role: 'user', content: 'hi' }]
  return post(proxy, user, '/v1/chat/completions', { model: 'm', max_tokens: maxTokens, messages, ...more })
}

export async function statusOf(answer: Promise<Response>): Promise<number> {
  const { status, text } = await answer.then(async (got) => ({ status: got.status, text: await got.text() }))
  return text === '' ? -status : status
}

/** OpenAI's error, with what stands in the head. */
export async function refusalOf(asked: Promise<Response>) {
  const answer = await asked
  const { error } = (await answer.json()) as {
    error: { code: string; type: string; message: string; param: string | null }
  }
  return { status: answer.status, ...error, headers: answer.headers }
}

async function recordsOf(proxy: TestProxy, user: string): Promise<UsageRecord[]> {
  const url = `${proxy.url}/v1/usage/recent?proxy_user=${user}`
  const answer = await fetch(url, { headers: { 'x-llmproxy-key': keyOf(admin) } })
  return ((await documentedJson(answer)) as { records: UsageRecord[] }).records
}

/** Newest first, once there are so many. Asking a proxy for records makes it write its own. */
export async function recorded(proxy: TestProxy, user: string, count: number): Promise<UsageRecord[]> {
  return await vi.waitFor(
    async () => {
      const records = await recordsOf(proxy, user)
      expect(records).toHaveLength(count)
      return records
    },
    { timeout: 9_000 },
  )
}
