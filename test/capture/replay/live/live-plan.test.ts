import { describe, expect, it } from 'vitest'
import { type LivePlanSettings, planLive } from '../../../../src/capture/replay/live/live-plan.ts'
import { livePlanReport } from '../../../../src/capture/replay/report/plan-report.ts'
import { nanoUsdOf, type PriceOf } from '../../../../src/core/cost.ts'
import { protocolNames } from '../../../../src/core/protocol-name.ts'
import { aCapture, edited, viewsOf } from '../../../support/a-capture.ts'

/** A cent for a prompt's token, two for an answer's; what a cache takes costs ten more. */
const priceOf: PriceOf = ({ model, usage }) => {
  if (model === 'unpriced') return null
  const { promptTokens = 0, completionTokens = 0, cacheWriteTokens = 0 } = usage
  const usd = promptTokens * 0.01 + completionTokens * 0.02 + (cacheWriteTokens > 0 ? 0.1 : 0)
  return { nanoUsd: nanoUsdOf(usd), parts: [], source: 'config', priceVersion: null }
}

const plan = (exchanges: LivePlanSettings['exchanges'], settings: Partial<LivePlanSettings> = {}) =>
  planLive({
    ...{ exchanges, maxRequests: 10, maxOutputTokens: null, atMs: 0 },
    costs: { countPrompt: () => 100, priceOf },
    targetOf: () => ({ backend: 'b', backendType: 'openai', model: 'priced' }),
    ...settings,
  })

describe('the plan of what is billed', () => {
  it('says from what to what each may cost', () => {
    const views = viewsOf(
      aCapture({ request: { model: 'm', max_tokens: 500, messages: [{ role: 'user', content: 'a' }] } }),
    )
    const { requests } = plan(views)
    const recorded = views[0]?.closed?.attempts[0]?.completion_tokens ?? 0
    expect(recorded).toBeGreaterThan(0)
    expect(requests[0]?.estimate).toEqual({
      ...{ promptTokens: 100, maxOutputTokens: 500, highUsd: 1 + 10 + 0.1 },
      lowUsd: expect.closeTo(1 + recorded * 0.02),
    })
    const [shorter] = plan(views, { maxOutputTokens: 50 }).requests
    expect(shorter?.estimate).toMatchObject({ maxOutputTokens: 50, highUsd: 1 + 1 + 0.1 })
    expect(JSON.parse(Buffer.from(shorter?.request.body ?? []).toString()).max_tokens).toBe(50)
  })

  it('reckons with a long answer where the request sets no limit, and with each of several answers', () => {
    const ask = (more: object) =>
      plan(
        viewsOf(
          aCapture({ request: { model: 'm', messages: [{ role: 'user', content: 'a' }], ...more } as never }),
        ),
      )
    const one = ask({}).requests[0]?.estimate.maxOutputTokens ?? 0
    expect(one).toBeGreaterThanOrEqual(16_384)
    expect(ask({ n: 3 }).requests[0]?.estimate.maxOutputTokens).toBe(3 * one)
  })

  it.each(protocolNames)('knows requests in %s', (protocol) => {
    expect(plan(viewsOf(aCapture({ protocol }))).requests).toHaveLength(1)
  })

  it('has the first that can be sent, and why the others are not', () => {
    const views = viewsOf(
      edited(aCapture([{}, {}, {}, {}]), (_, { exchanges }) => {
        exchanges[0]!.request.url = '/v1/embeddings'
        exchanges[3]!.request.url = '/v1/files'
      }),
    )
    const { requests, skipped } = plan(views, { maxRequests: 1 })
    expect(requests.map(({ recorded }) => recorded.id)).toEqual(['x_2'])
    expect(skipped.map(({ recorded, reason }) => [recorded.id, reason])).toEqual([
      ['x_1', 'no model answers it'],
      ['x_3', 'beyond the first 1 (--max-requests)'],
      ['x_4', expect.stringContaining('change nothing')],
    ])
  })

  it('adds up by model, and knows no sum where one has no price', () => {
    const views = viewsOf(aCapture([{}, { model: 'x' }, {}]))
    const planned = plan(views, {
      maxOutputTokens: 10,
      targetOf: ({ requestedModel }) => ({
        ...{ backend: 'b', backendType: 'openai', model: requestedModel === 'x' ? 'unpriced' : 'priced' },
      }),
    })
    const report = livePlanReport(planned, ['api.test'])
    expect(report).toMatchObject({
      ...{
        type: 'plan',
        mode: 'live',
        hosts: ['api.test'],
        requests: 3,
        prompt_tokens: 300,
        max_output_tokens: 30,
      },
      ...{ cost_low_usd: null, cost_high_usd: null },
      models: [
        {
          backend: 'b',
          model: 'priced',
          requests: 2,
          prompt_tokens: 200,
          cost_high_usd: expect.closeTo(2.6),
        },
        { backend: 'b', model: 'unpriced', requests: 1, cost_low_usd: null },
      ],
    })
  })
})
