import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Issue, severities } from '../../src/capture/detectors/detector.ts'
import { detectors } from '../../src/capture/detectors/index.ts'
import { createRunner } from '../../src/capture/detectors/runner.ts'
import { openCapture } from '../../src/capture/reader/open.ts'
import { assemble, isGap } from '../../src/capture/view/assemble.ts'
import { ExchangeWindow } from '../../src/capture/view/window.ts'
import { type ProtocolName, protocolNames } from '../../src/core/protocol-name.ts'
import { isTrue } from '../capture/detectors/quality/truths.ts'
import { callOf } from '../corpus/recorded-call.ts'
import { recordedAnswers } from '../corpus/translation/recorded-answer.ts'
import { cutBytes } from '../support/chunking.ts'
import { type CorpusExchange, readCorpus } from '../support/corpus.ts'
import {
  type FakeProvider,
  head,
  paced,
  type Script,
  startFakeProvider,
  whole,
} from '../support/fake-provider.ts'
import { openStream } from '../support/raw-client.ts'
import { startTestProxy, type TestProxy } from '../support/start-proxy.ts'

/**
 * The clean captures of `npm run detectors` are made by hand; these are what a proxy really records. What detectors
 * warn of here is either true of the recording or a false alarm.
 */
const backendOf: Record<ProtocolName, string> = {
  'openai-chat': 'openai.chat',
  'openai-responses': 'openai.responses',
  'anthropic-messages': 'anthropic.a',
  gemini: 'gemini.g',
}

let provider: FakeProvider
let script: Script
beforeAll(async () => {
  provider = await startFakeProvider(({ method }) =>
    method === 'GET' ? whole(404, { error: { message: 'nothing is listed' } }) : script,
  )
})
afterAll(() => provider.close())

function start(): Promise<TestProxy> {
  const asked = { credentials: 'none' }
  return startTestProxy({
    config: {
      logging: { level: 'error' },
      health_check: { circuit_breaker_enabled: false },
      wire_capture: { mode: 'all', min_free_mb: 0 },
      backends: {
        'openai.chat': { ...asked, api_url: `${provider.origin}/v1`, protocols: ['openai-chat'] },
        'openai.responses': { ...asked, api_url: `${provider.origin}/v1`, protocols: ['openai-responses'] },
        'anthropic.a': { ...asked, api_url: `${provider.origin}/v1` },
        'gemini.g': { ...asked, api_url: `${provider.origin}/v1beta` },
      },
    },
  })
}

/** Asks as recorded, for a model of that protocol's backend, which answers so. Gives the exchange's id. */
async function ask(proxy: TestProxy, recorded: CorpusExchange, answer: CorpusExchange): Promise<string> {
  const { status, headers, body } = answer.response
  script = [head(status, headers), paced(cutBytes(Buffer.from(body), [700, 1300, 90]))]
  const call = callOf(recorded)
  const inPath = /models\/([^:?]+)/.exec(call.path)?.[1]
  const wanted = call.body?.model ?? inPath
  const model = `${backendOf[answer.protocol]}:${answer.protocol === recorded.protocol ? wanted : 'some-model'}`
  const path =
    recorded.protocol === 'gemini' ? call.path.replace(/models\/[^:]+:/, `models/${model}:`) : call.path
  const stream = await openStream(proxy.url + path, {
    method: 'POST',
    headers: call.headers,
    body: JSON.stringify(recorded.protocol === 'gemini' ? call.body : { ...call.body, model }),
  })
  await stream.text().catch(() => '')
  return stream.headers['x-llmproxy-exchange'] ?? ''
}

/** Warnings and errors of all that a proxy recorded, after its end. */
async function alarmsOf(proxy: TestProxy): Promise<Issue[]> {
  await proxy.close(0)
  const window = new ExchangeWindow()
  const runner = createRunner({ detectors, around: window.around })
  const issues: Issue[] = []
  for await (const found of assemble(openCapture(join(proxy.folder, 'captures')), window)) {
    issues.push(...(isGap(found) ? runner.gap(found) : runner.exchange(found)))
  }
  await proxy.stop()
  return issues.filter(({ severity }) => severities.indexOf(severity) >= severities.indexOf('warn'))
}

const corpus = readCorpus().filter(({ misc, request }) => misc === null && request !== null)

describe.skipIf(corpus.length === 0)('detectors, on what a real proxy recorded', () => {
  test('of calls that it passed on, warn of nothing but what is true of the recording', async () => {
    const proxy = await start()
    const asked = new Map<string, string>()
    for (const recorded of corpus) asked.set(await ask(proxy, recorded, recorded), recorded.id)
    const alarms = await alarmsOf(proxy)
    const untrue = alarms.filter(({ code, exchange }) => !isTrue(code, asked.get(exchange ?? '') ?? ''))
    expect(untrue.map((issue) => `${asked.get(issue.exchange ?? '')}: ${told(issue)}`)).toEqual([])
  })

  test('of calls that it translated, put no blame on it', async () => {
    const proxy = await start()
    const answers = recordedAnswers().map(({ recorded }) => recorded)
    const asked = new Map<string, string>()
    for (const [n, recorded] of corpus.entries()) {
      const other = protocolNames[(protocolNames.indexOf(recorded.protocol) + 1 + (n % 3)) % 4]
      const fitting = answers.filter(
        ({ protocol, stream }) => protocol === other && stream === recorded.stream,
      )
      const answer = fitting[n % fitting.length]
      if (answer) asked.set(await ask(proxy, recorded, answer), `${recorded.id} → ${answer.id}`)
    }
    const blamed = (await alarmsOf(proxy)).filter(({ fault }) => fault === 'proxy')
    const unexpected = blamed.filter(({ exchange }) => !cannotBeSaid.test(asked.get(exchange ?? '') ?? ''))
    expect(unexpected.map((issue) => `${asked.get(issue.exchange ?? '')}: ${told(issue)}`)).toEqual([])
  })
})

/**
 * Answers to what these clients cannot have asked for, and of which their protocol holds nothing: an image alone, a
 * search for tools, a response for later, a tool that takes free text.
 */
const cannotBeSaid =
  /→ .*(?:image_or_text_output|image_generation|tool_search.*_round_trip|test_background_mode_vcr|custom-tool)/

function told({ code, severity, fault, description }: Issue): string {
  return `${code} ${severity} ${fault}: ${description}`
}
