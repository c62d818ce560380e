import { countTokens } from 'gpt-tokenizer/encoding/o200k_base'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { randomFrom } from '../../corpus/random.ts'
import {
  type FakeProvider,
  jsonBody,
  paced,
  type RecordedRequest,
  type Script,
  startFakeProvider,
  streamHead,
  whole,
} from '../../support/fake-provider.ts'
import { sseBlock } from '../../support/sse-text.ts'
import { startTestProxy, type TestProxy } from '../../support/start-proxy.ts'

type Report = { prompt_tokens: number; completion_tokens: number; [more: string]: unknown }

/** How a model behind a fake provider answers: its words, its thoughts, and what it says of both. */
interface Habit {
  thinks: number
  shows: boolean
  report: (prompt: number, answer: number, thoughts: number) => Report
}

const habits: Record<string, Habit> = {
  'gpt-4o-inflating': {
    ...{ thinks: 0, shows: false },
    report: (prompt, answer) => ({
      prompt_tokens: Math.round(prompt * 1.3),
      completion_tokens: Math.round(answer * 1.3),
    }),
  },
  'gpt-4o-honest': {
    ...{ thinks: 0, shows: false },
    report: (prompt, answer) => ({ prompt_tokens: prompt, completion_tokens: answer }),
  },
  'o3-telling': {
    ...{ thinks: 400, shows: false },
    report: (prompt, answer, thoughts) => ({
      prompt_tokens: prompt,
      completion_tokens: answer + thoughts,
      completion_tokens_details: { reasoning_tokens: thoughts },
    }),
  },
  'deepseek-streaming-thoughts': {
    ...{ thinks: 400, shows: true },
    report: (prompt, answer, thoughts) => ({ prompt_tokens: prompt, completion_tokens: answer + thoughts }),
  },
  'gpt-5-silent': {
    ...{ thinks: 400, shows: false },
    report: (prompt, answer, thoughts) => ({ prompt_tokens: prompt, completion_tokens: answer + thoughts }),
  },
}

const vocabulary =
  'the a river house green runs quickly over under parser token count stream of and code'.split(' ')
const random = randomFrom('drift, end to end')

function words(from: number, to: number): string {
  return Array.from({ length: random.int(from, to) }, () => random.pick(vocabulary as [string])).join(' ')
}

/** Counts as OpenAI documents it: 3 tokens frame each message, 3 begin the answer. */
function answerTo(request: RecordedRequest): Script {
  const body = jsonBody(request) as { model: string; stream?: boolean; messages: { content: string }[] }
  const habit = habits[body.model] as Habit
  const prompt = body.messages.reduce((sum, { content }) => sum + countTokens(content) + 4, 3)
  const text = words(20, 300)
  const thoughts = habit.thinks > 0 ? words(1, habit.thinks * 4) : ''
  const usage = habit.report(prompt, countTokens(text) + 1, countTokens(thoughts))
  const said = { content: text, ...(habit.shows && { reasoning_content: thoughts }) }
  const about = { id: 'c', model: body.model }
  if (!body.stream) {
    const choices = [{ index: 0, message: { role: 'assistant', ...said }, finish_reason: 'stop' }]
    return whole(200, { ...about, object: 'chat.completion', choices, usage })
  }
  const chunk = (delta: object, finish: string | null) =>
    sseBlock({ ...about, choices: [{ index: 0, delta, finish_reason: finish }] })
  const thought = habit.shows ? [chunk({ reasoning_content: thoughts }, null)] : []
  const blocks = [...thought, chunk({ content: text }, null), chunk({}, 'stop')]
  return [streamHead(), paced([...blocks, sseBlock({ ...about, choices: [], usage }), 'data: [DONE]\n\n'])]
}

describe('the drift alarm of a proxy', () => {
  let provider: FakeProvider
  let proxy: TestProxy
  beforeAll(async () => {
    provider = await startFakeProvider(answerTo)
    const backend = { type: 'openai', api_url: `${provider.url}/v1`, credentials: 'none' }
    proxy = await startTestProxy({
      ledger: true,
      config: {
        logging: { level: 'warn', format: 'json' },
        backends: { 'openai.fake': { ...backend, models: Object.keys(habits) } },
      },
    })
    // Until the tokenizer is loaded, tokens are counted by bytes, and nothing is compared.
    await vi.waitFor(
      async () => {
        await ask('gpt-4o-honest', false)
        const recent = await fetch(`${proxy.url}/v1/usage/recent?limit=1`)
        const { records } = (await recent.json()) as { records: { token_count_method: string }[] }
        expect(records[0]?.token_count_method).toBe('tokenizer')
      },
      { timeout: 20_000 },
    )
  }, 30_000)
  afterAll(async () => {
    await proxy.stop()
    await provider.close()
  })

  async function ask(model: string, stream: boolean): Promise<void> {
    const messages = [
      { role: 'system', content: 'You are a helpful assistant.' },
      { role: 'user', content: words(5, 900) },
    ]
    const answer = await fetch(`${proxy.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ model: `openai.fake:${model}`, stream, messages }),
    })
    await answer.text()
    expect(answer.status).toBe(200)
  }

  /** 200 exchanges with each model, and what the log then has of drift. */
  it('names the provider that inflates by 30 % within 200 exchanges, and no honest one that thinks', async () => {
    for (let i = 0; i < 200; i++)
      await Promise.all(Object.keys(habits).map((model) => ask(model, i % 2 === 0)))
    // What has closed is compared once it is recorded, and recorded before this answers.
    await fetch(`${proxy.url}/v1/usage/recent`)
    const lines = proxy
      .log()
      .split('\n')
      .flatMap((line) => (line ? [JSON.parse(line)] : []))
    const named = lines.filter(({ msg }) => msg === 'a model reports other tokens than we count')
    expect(named.map(({ model, side }) => `${model} ${side}`).sort()).toEqual([
      'gpt-4o-inflating completion',
      'gpt-4o-inflating prompt',
    ])
    for (const line of named) {
      expect(line).toMatchObject({ level: 'warn', backend: 'openai.fake', band: [0.5, 1.15] })
      expect(line.exchanges).toBeLessThanOrEqual(200)
      expect(line.ratio).toBeGreaterThan(1.15)
      expect(line.ratio).toBeLessThan(1.4)
    }
    console.log(
      `drift: named after ${named.map(({ side, exchanges }) => `${exchanges} exchanges by the ${side}`).join(', ')}`,
    )
  }, 60_000)
})
