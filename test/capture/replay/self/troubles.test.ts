import { expect, test } from 'vitest'
import {
  chatAnswer,
  chatFrames,
  chatStream,
  end,
  jsonBody,
  openaiError,
  paced,
  reset,
  stall,
  startFakeProvider,
  streamHead,
  write,
} from '../../../support/fake-provider.ts'
import type { Script } from '../../../support/provider/steps.ts'
import { openStream } from '../../../support/raw-client.ts'
import { startTestProxy, type TestProxy } from '../../../support/start-proxy.ts'
import { tempFolder } from '../../../support/temp-folder.ts'
import { notTheSame, replayedHere } from './replayed.ts'

interface Trouble {
  /** What models of a name's beginning answer, in this order. */
  answers: Readonly<Record<string, readonly Script[]>>
  backend?: object
  /** Of the first one only. */
  first?: object
  handling?: object
  ask: (proxy: TestProxy) => Promise<void>
}

interface Recorded {
  folder: string
  config: object
}

/** A folder of captures of what passed; whoever answered is gone. */
async function recorded({
  answers,
  backend = {},
  first = {},
  handling = {},
  ask,
}: Trouble): Promise<Recorded> {
  const left = new Map(Object.entries(answers).map(([model, scripts]) => [model, [...scripts]]))
  const provider = await startFakeProvider((request) => {
    const { model } = jsonBody<{ model: string }>(request)
    const scripts = left.get(model) ?? []
    return (scripts.length > 1 ? scripts.shift() : scripts[0]) ?? openaiError(404)
  })
  const output_dir = tempFolder()
  const local = {
    api_url: `${provider.origin}/v1`,
    protocols: ['openai-chat'],
    credentials: 'none',
    ...backend,
  }
  const config = {
    failure_handling: handling,
    health_check: { circuit_breaker_enabled: false },
    wire_capture: { mode: 'all', output_dir, min_free_mb: 0 },
    backends: { first: { ...local, ...first, models: ['a'] }, second: { ...local, models: ['b'] } },
    failover_routes: { either: ['first:a', 'second:b'] },
  }
  let closed = () => {}
  const over = new Promise<void>((resolve) => {
    closed = resolve
  })
  const proxy = await startTestProxy({ config, monitors: [{ name: 'over', closed }] })
  try {
    await ask(proxy)
    await over
  } finally {
    await proxy.stop()
    await provider.close()
  }
  return { folder: output_dir, config }
}

function body(model: string, stream = true): string {
  return JSON.stringify({ model, stream, messages: [{ role: 'user', content: 'hello' }] })
}

const asks = (model: string, stream?: boolean) => async (proxy: TestProxy) => {
  const answer = await fetch(`${proxy.url}/v1/chat/completions`, {
    method: 'POST',
    body: body(model, stream),
  })
  await answer.text().catch(() => '')
}

const pieces = ['one ', 'two ', 'three ', 'four']
const troubles: Record<string, Trouble> = {
  'a first backend that fails and a second that answers': {
    answers: { a: [openaiError(500)], b: [chatStream(pieces)] },
    ask: asks('either'),
  },
  'a limit that is over a second later': {
    answers: { a: [openaiError(429, { retryAfter: '1' }), chatAnswer({ text: 'at last' })] },
    ask: asks('a', false),
  },
  'a stream that is cut in the middle': {
    answers: { a: [[streamHead(), write(chatFrames(pieces).slice(0, 3).join('')), reset()]] },
    ask: asks('a'),
  },
  'a connection that is cut before any answer, and another backend': {
    answers: { a: [[reset()]], b: [chatAnswer({ text: 'here' })] },
    ask: asks('either', false),
  },
  'a stream that ends without its end': {
    answers: { a: [[streamHead(), write(chatFrames(pieces).slice(0, 3).join('')), end()]] },
    ask: asks('a'),
  },
  'a backend that falls silent until the proxy has waited enough': {
    answers: { a: [[streamHead(), write(chatFrames(pieces).slice(0, 3).join('')), stall()]] },
    backend: { timeouts: { idle_seconds: 1 } },
    ask: asks('a'),
  },
  'comments of ours while a backend thinks': {
    answers: { a: [[streamHead(), paced(chatFrames(pieces), 700), end()]] },
    handling: { keepalive_seconds: 0.5 },
    ask: asks('a'),
  },
  'a provider key of the proxy that is refused': {
    answers: { a: [openaiError(401)] },
    backend: { credentials: 'proxy', api_key: 'sk-proj-Zm9vYmFyYmF6cXV4Zm9v' },
    ask: asks('a', false),
  },
  'a backend that is not there, and no other': {
    answers: {},
    first: { api_url: 'http://127.0.0.1:9/v1' },
    ask: asks('a', false),
  },
  'a backend whose name nobody knows, and another': {
    answers: { b: [chatStream(pieces)] },
    first: { api_url: 'http://nowhere.invalid/v1' },
    ask: asks('either'),
  },
  'a client that leaves in the middle': {
    answers: { a: [[streamHead(), paced(chatFrames(pieces), 200), end()]] },
    async ask(proxy) {
      const stream = await openStream(`${proxy.url}/v1/chat/completions`, { body: body('a') })
      for await (const { bytes } of stream.chunks) if (bytes.includes('two')) break
      stream.abort()
    },
  },
}

test.each(Object.entries(troubles))('the same again: %s', async (_, trouble) => {
  const { folder, config } = await recorded(trouble)
  const replayed = await replayedHere(folder, { config })
  expect(notTheSame(replayed)).toEqual([])
  expect(replayed.map(({ outcome }) => outcome.verdict)).toEqual(['same'])
})
