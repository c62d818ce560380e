import OpenAI from 'openai'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { chatStream, jsonBody } from '../support/fake-provider.ts'
import { textPieces } from './surface.ts'
import { startTwoWays, type TwoWays } from './two-ways.ts'

let ways: TwoWays
beforeAll(async () => {
  ways = await startTwoWays()
  // As OpenAI does it: asked for, usage is in its own last chunk, and null in all others.
  ways.fake.answer((request) =>
    includesUsage(jsonBody(request))
      ? chatStream(textPieces, { usage: { prompt: 3, completion: 5 } })
      : chatStream(textPieces),
  )
})
afterAll(() => ways.stop())

const cases: [words: string, options: OpenAI.ChatCompletionStreamOptions | null | undefined][] = [
  ['says nothing of it', undefined],
  ['says null', null],
  ['does not want it', { include_usage: false }],
]

test.each(cases)('the openai package gets no usage chunk where the program %s', async (_words, options) => {
  const direct = await chunks(ways.fake.origin, options)
  const before = ways.fake.requests.length
  const proxied = await chunks(ways.proxy.url, options)

  expect(direct).toHaveLength(textPieces.length + 2)
  // The one documented difference: `"usage":null` stays on the chunks that the client gets.
  expect(proxied).toStrictEqual(direct.map((chunk) => ({ ...chunk, usage: null })))
  expect(ways.fake.requests.slice(before).map((request) => includesUsage(jsonBody(request)))).toEqual([true])
})

test('the openai package gets the usage chunk where the program asks for it', async () => {
  const options = { include_usage: true }
  const direct = await chunks(ways.fake.origin, options)
  const proxied = await chunks(ways.proxy.url, options)

  expect(direct.at(-1)).toMatchObject({ choices: [], usage: { prompt_tokens: 3, completion_tokens: 5 } })
  expect(proxied).toStrictEqual(direct)
})

async function chunks(
  origin: string,
  stream_options: OpenAI.ChatCompletionStreamOptions | null | undefined,
): Promise<OpenAI.ChatCompletionChunk[]> {
  const client = new OpenAI({
    apiKey: `sk-proj-${'a1B2'.repeat(10)}`,
    baseURL: `${origin}/v1`,
    maxRetries: 0,
  })
  const stream = await client.chat.completions.create({
    model: 'gpt-5-mini',
    messages: [{ role: 'user', content: 'Say hello.' }],
    stream: true,
    ...(stream_options === undefined ? {} : { stream_options }),
  })
  const found: OpenAI.ChatCompletionChunk[] = []
  for await (const chunk of stream) found.push(chunk)
  return found
}

function includesUsage(body: Record<string, unknown>): boolean {
  const options = body.stream_options as { include_usage?: boolean } | null | undefined
  return options?.include_usage === true
}
