import { expect, test } from 'vitest'
import type { ReplayedExchange } from '../../../../src/capture/replay/outcome.ts'
import { readRecording } from '../../../../src/capture/replay/recording.ts'
import { legView } from '../../../../src/capture/view/leg.ts'
import type { ExchangeView, LegView } from '../../../../src/capture/view/view.ts'
import { chatAnswer, chatStream, startFakeProvider } from '../../../support/fake-provider.ts'
import { startTestProxy } from '../../../support/start-proxy.ts'
import { tempFolder } from '../../../support/temp-folder.ts'
import { notTheSame, replayedExchanges } from './replayed.ts'

const call = { id: 'call_1', name: 'look', arguments: { at: 'the sky' } }

/** One exchange of a client of OpenAI's Chat, streamed, with text, a tool call and usage. */
async function recordedExchange(): Promise<ExchangeView> {
  const provider = await startFakeProvider(() =>
    chatStream(['one ', 'two ', 'three'], {
      toolCalls: [call],
      usage: { prompt: 12, completion: 5 },
    }),
  )
  const output_dir = tempFolder()
  const proxy = await startTestProxy({
    config: {
      wire_capture: { mode: 'all', output_dir, min_free_mb: 0 },
      backends: {
        local: { api_url: `${provider.origin}/v1`, protocols: ['openai-chat'], credentials: 'none' },
      },
    },
  })
  const body = JSON.stringify({
    ...{ model: 'local:m', stream: true, stream_options: { include_usage: true } },
    messages: [{ role: 'user', content: 'look' }],
  })
  await (await fetch(`${proxy.url}/v1/chat/completions`, { method: 'POST', body })).text()
  await proxy.stop()
  await provider.close()
  const [exchange] = await readRecording(output_dir)
  if (!exchange) throw new Error('nothing was captured')
  return exchange
}

/** As if the proxy had once written something else: what it writes now is then what differs. */
function written(exchange: ExchangeView, change: (text: string) => string): ExchangeView {
  return { ...exchange, ptc: exchange.ptc && changed(exchange.ptc, change) }
}

function changed(leg: LegView, change: (text: string) => string): LegView {
  const bytes = Buffer.from(change(Buffer.from(leg.body()).toString()))
  const chunks = [{ atNs: leg.chunks[0]?.atNs ?? 0, bytes, entry: 0, missing: 0 }]
  return legView({ ...leg, chunks })
}

function paths(replayed: readonly ReplayedExchange[]): string[] {
  return replayed.flatMap(({ outcome }) =>
    outcome.verdict === 'different'
      ? outcome.differences.map(({ leg, path }) => `${leg} ${path}`)
      : [outcome.verdict],
  )
}

test('what the proxy writes otherwise than it did is named with its path', async () => {
  const exchange = await recordedExchange()
  expect(notTheSame(await replayedExchanges([exchange]))).toEqual([])

  const moreText = written(exchange, (text) => text.replace('"three"', '"three, four"'))
  expect(paths(await replayedExchanges([moreText]))).toEqual(['PTC choices[0].text'])
  const otherCall = written(exchange, (text) => text.replace('sky', 'sea'))
  expect(paths(await replayedExchanges([otherCall]))).toEqual(['PTC choices[0].tool_calls[0].arguments.at'])
  const otherUsage = written(exchange, (text) => text.replace('"prompt_tokens":12', '"prompt_tokens":13'))
  expect(paths(await replayedExchanges([otherUsage]))).toEqual([
    'PTC usage.prompt_tokens',
    'PTC usage.total_tokens',
  ])
  const { ptc } = exchange
  const otherStatus = { ...exchange, ptc: ptc && legView({ ...ptc, chunks: ptc.chunks, status: 201 }) }
  expect(paths(await replayedExchanges([otherStatus]))).toEqual(['PTC status'])
})

test('what the proxy asks otherwise than it did is named with its path', async () => {
  const exchange = await recordedExchange()
  const attempts = exchange.attempts.map((attempt) => ({
    ...attempt,
    ptb: attempt.ptb && changed(attempt.ptb, (text) => text.replace('"look"', '"look up"')),
  }))
  expect(paths(await replayedExchanges([{ ...exchange, attempts }]))).toEqual(['PTB messages[0].content'])
})

test('a header that got lost on its way in or out is named, but not where only the structure is compared', async () => {
  const exchange = await recordedExchange()
  const more = (leg: LegView | null, name: string) =>
    leg && legView({ ...leg, chunks: leg.chunks, headers: [...leg.headers, [name, '1']] })
  // As if the proxy had once passed on what it does not now.
  const lostIn = (name: string) => ({
    ...{ ...exchange, ctp: more(exchange.ctp, name) },
    attempts: exchange.attempts.map((attempt) => ({ ...attempt, ptb: more(attempt.ptb, name) })),
  })
  expect(paths(await replayedExchanges([lostIn('accept-language')]))).toEqual(['PTB header accept-language'])
  // What belongs to a client's credential stays away with it.
  expect(paths(await replayedExchanges([lostIn('openai-organization')]))).toEqual(['same'])
  const lostOut = { ...exchange, ptc: more(exchange.ptc, 'x-odd') }
  expect(paths(await replayedExchanges([lostOut]))).toEqual(['PTC header x-odd'])
  expect(paths(await replayedExchanges([lostOut], { level: 'structure' }))).toEqual(['same'])
})

test('what cannot be repeated is passed over with its reason', async () => {
  const exchange = await recordedExchange()
  const reasons = async (changes: Partial<ExchangeView>) => {
    const [replayed] = await replayedExchanges([{ ...exchange, ...changes }])
    return replayed?.outcome.verdict === 'skipped' ? replayed.outcome.reason : replayed?.outcome
  }
  const ctp = exchange.ctp as LegView
  expect(await reasons({ ctp: null })).toContain('request is not in the capture')
  expect(await reasons({ ctp: { ...ctp, missing: 3 } })).toContain('not whole')
  expect(await reasons({ ctp: { ...ctp, url: '/v1/files' } })).toContain('change nothing')
  expect(await reasons({ ctp: { ...ctp, url: '/internal/capture/mode' } })).toContain('change nothing')
  expect(await reasons({ ctp: { ...ctp, method: 'DELETE' } })).toContain('DELETE')
  expect(await reasons({ attempts: [] })).toContain('no backend was asked')
  expect(
    await reasons({ attempts: exchange.attempts.map((each) => ({ ...each, ptb: null, btp: null })) }),
  ).toContain('what local was asked is not in the capture')
})

test('a session is replayed in its order, and ends early when it is told to', async () => {
  const provider = await startFakeProvider(() => chatAnswer({ text: 'well' }))
  const output_dir = tempFolder()
  const proxy = await startTestProxy({
    config: {
      wire_capture: { mode: 'all', output_dir, min_free_mb: 0 },
      backends: {
        local: { api_url: `${provider.origin}/v1`, protocols: ['openai-chat'], credentials: 'none' },
      },
    },
  })
  for (const content of ['first', 'second', 'third']) {
    const body = JSON.stringify({ model: 'local:m', messages: [{ role: 'user', content }] })
    await (await fetch(`${proxy.url}/v1/chat/completions`, { method: 'POST', body })).text()
  }
  await proxy.stop()
  await provider.close()
  const exchanges = await readRecording(output_dir)
  const all = await replayedExchanges(exchanges)
  expect(all.map(({ recorded }) => recorded.id)).toEqual(exchanges.map(({ id }) => id))

  const ending = new AbortController()
  const some = await replayedExchanges(exchanges, {
    signal: ending.signal,
    write: (entry) => {
      if (entry.k === 'u') ending.abort()
    },
  })
  expect(some).toHaveLength(1)
})
