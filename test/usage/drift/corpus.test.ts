import { describe, expect, it } from 'vitest'
import { isObject, type Json } from '../../../src/core/json.ts'
import { protocolNamed } from '../../../src/protocols/index.ts'
import { counterVersion, encodingOf } from '../../../src/tokens/model-encodings.ts'
import { countO200k } from '../../../src/tokens/o200k.ts'
import { countRequest } from '../../../src/tokens/request-count.ts'
import { comparedSides, type Seen } from '../../../src/usage/drift/comparison.ts'
import { CompletionCount } from '../../../src/usage/monitor/completion-count.ts'
import { PromptCount } from '../../../src/usage/monitor/prompt-count.ts'
import type { TokenCounts } from '../../../src/usage/ports.ts'
import type { UsageRecord } from '../../../src/usage/record/record.ts'
import { callOf } from '../../corpus/recorded-call.ts'
import { aRecord } from '../../support/a-record.ts'
import { type CorpusExchange, readCorpus } from '../../support/corpus.ts'
import { reportedIn } from '../corpus/reported.ts'
import { Watched } from './watched.ts'

const recordings = readCorpus().filter(
  ({ misc, request, response }) => misc === null && request !== null && response.status === 200,
)
const counts: TokenCounts = {
  texts: (texts) => Promise.resolve(texts.map(countO200k)),
  request: (request) => Promise.resolve(countRequest(request, countO200k)),
  encodingOf,
  version: counterVersion,
}

/** A recorded exchange as the alarm sees it: our counts of its request and answer, and its provider's report. */
async function exchangeOf(recorded: CorpusExchange): Promise<{ record: UsageRecord; seen: Seen } | null> {
  const { protocol, request, response, provider, stream } = recorded
  const report = reportedIn(recorded)
  if (request === null || report === null) return null
  const asked = request.body.model ?? /models\/([^:]+)/.exec(request.path)?.[1] ?? ''
  const model = String(asked)
  const body = Buffer.from(JSON.stringify(request.body))
  const prompt = new PromptCount(counts, { protocol, model, stream, counts: false, body })
  const completion = new CompletionCount(counts, model)
  const decoder = protocolNamed(protocol)
  if (callOf(recorded).streams) {
    const reading = decoder.streamDecoder('sse')
    for (const event of [...reading.push(Buffer.from(response.body)), ...reading.end()])
      completion.take(event)
  } else {
    const whole: Json = JSON.parse(response.body)
    if (isObject(whole)) for (const event of decoder.decodeAnswer(whole)) completion.take(event)
  }
  await Promise.all([prompt, completion].map((count) => new Promise<void>((done) => count.settle(done))))
  return {
    record: aRecord({ backend_instance_id: provider, model, backend_reported_usage: report }),
    seen:
      prompt.view === null || completion.ranTools
        ? { prompt: null, completion: null, wantsThoughts: false }
        : { prompt: prompt.seen, completion: completion.seen, wantsThoughts: prompt.view.wantsThoughts },
  }
}

describe.skipIf(recordings.length === 0)('recorded exchanges with honest providers', () => {
  it('lie in the bounds of our counts, but for one in fifty', async () => {
    const found = { compared: 0, above: 0, below: 0 }
    for (const recorded of recordings) {
      const exchange = await exchangeOf(recorded)
      if (!exchange) continue
      for (const side of Object.values(comparedSides(exchange.record, exchange.seen, false))) {
        if (!side) continue
        found.compared++
        if (side.reported > side.most) found.above++
        if (side.reported + 20 < side.least / 2) found.below++
      }
    }
    console.log(
      `drift: of ${found.compared} counts of ${recordings.length} recorded exchanges ${found.above} above, ${found.below} below`,
    )
    expect(found.compared).toBeGreaterThan(700)
    expect(found.above / found.compared).toBeLessThan(0.025)
    expect(found.below / found.compared).toBeLessThan(0.01)
  }, 60_000)

  it('name no model, though each is asked the same few things two hundred times', async () => {
    const exchanges = (await Promise.all(recordings.map(exchangeOf))).filter((found) => found !== null)
    const byModel = new Map<string, typeof exchanges>()
    for (const exchange of exchanges) {
      const { backend_instance_id: backend, model } = exchange.record
      byModel.set(`${backend} ${model}`, [...(byModel.get(`${backend} ${model}`) ?? []), exchange])
    }
    const watched = new Watched()
    for (const [, ofModel] of byModel)
      for (let i = 0; i < 200; i++) {
        const exchange = ofModel[i % ofModel.length]
        if (exchange) watched.compare(exchange.record, exchange.seen)
      }
    const named = watched.told.map(
      ({ backend, model, side, ratio }) => `${backend} ${model} ${side} ${ratio}`,
    )
    console.log(`drift: of ${byModel.size} recorded models are named: ${named.join(', ') || 'none'}`)
    expect(named).toEqual([])
  }, 60_000)
})
