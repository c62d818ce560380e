import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { documentedJson } from '../../support/openapi.ts'
import { startTestProxy, type TestProxy } from '../../support/start-proxy.ts'

const keys = {
  admin: 'lp_admin_00000000000000',
  ann: 'lp_ann_0000000000000000',
  bob: 'lp_bob_0000000000000000',
}
let proxy: TestProxy

beforeAll(async () => {
  proxy = await startTestProxy({
    ledger: true,
    config: {
      auth: {
        api_keys: [
          { name: 'admin', key: keys.admin, role: 'admin' },
          { name: 'ann', key: keys.ann },
          { name: 'bob', key: keys.bob },
        ],
      },
    },
  })
  for (const key of [keys.ann, keys.ann, keys.bob]) await say(key)
})
afterAll(() => proxy.stop())

async function say(key: string): Promise<void> {
  const answer = await fetch(`${proxy.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'x-llmproxy-key': key },
    body: JSON.stringify({ model: 'demo:echo', messages: [{ role: 'user', content: '=1+1' }] }),
  })
  expect(answer.status).toBe(200)
  await answer.text()
}

const get = (path: string, key: string = keys.admin) =>
  fetch(`${proxy.url}/v1/usage/${path}`, { headers: { 'x-llmproxy-key': key } })
const json = async (path: string, key?: string) => (await documentedJson(await get(path, key))) as never

describe('/v1/usage', () => {
  it('shows an admin everything and a user its own', async () => {
    expect(await json('stats')).toMatchObject({ request_count: 3 })
    expect(await json('stats', keys.ann)).toMatchObject({ request_count: 2 })
    expect(await json('stats?proxy_user=ann', keys.bob)).toMatchObject({ request_count: 1 })
    expect(await json('recent', keys.bob)).toMatchObject({ total: 1, has_more: false })
  })

  it('gives one record by the beginning of its id, to whom it belongs', async () => {
    const { records } = (await json('recent?limit=1', keys.bob)) as { records: { id: string }[] }
    const id = records[0]?.id ?? ''
    expect(await json(`records/${id.slice(0, 18)}`)).toMatchObject({ id, proxy_user: 'bob' })
    expect((await get(`records/${id}`, keys.ann)).status).toBe(404)
    expect((await get('records/x_')).status).toBe(404)
    expect(await json('records/x_1')).toMatchObject({
      error: { message: expect.stringMatching(/3 exchanges begin with/) },
    })
  })

  it('pages through the records without a gap', async () => {
    const ids: string[] = []
    let cursor: string | null = ''
    while (cursor !== null) {
      const page = (await json(`recent?limit=2${cursor && `&cursor=${cursor}`}`)) as {
        records: { id: string }[]
        next_cursor: string | null
      }
      ids.push(...page.records.map(({ id }) => id))
      cursor = page.next_cursor
    }
    expect(new Set(ids).size).toBe(3)
    expect(ids).toEqual([...ids].sort().reverse())
  })

  it.each([
    [
      'json',
      'application/json',
      (text: string) => (JSON.parse(text) as { records: unknown[] }).records.length,
    ],
    [
      'jsonl',
      'application/x-ndjson',
      (text: string) =>
        text
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line)).length,
    ],
    ['csv', 'text/csv', (text: string) => text.trim().split('\n').length - 1],
  ] as const)('exports as %s', async (format, type, count) => {
    const answer = await get(`export?start_date=today&end_date=now&format=${format}`)
    expect(answer.headers.get('content-type')).toContain(type)
    expect(count(await answer.text())).toBe(3)
  })

  it.each([
    ['stats?modle=x', 400, /no parameter is called "modle"; did you mean model\?/],
    ['recent?limit=0', 400, /"limit" is a whole number from 1 to 1000/],
    ['export', 400, /"start_date" is missing/],
    ['records/nothing-like-it', 404, /no exchange with the id/],
  ])('%s is answered %i with what to do', async (path, status, message) => {
    const answer = await get(path)
    expect(answer.status).toBe(status)
    expect(await documentedJson(answer)).toEqual({
      error: { code: expect.any(String), message: expect.stringMatching(message) },
    })
  })

  it('an empty result has the shape of a full one', async () => {
    const full = Object.keys(await json('stats'))
    const empty = (await json('stats?model=nothing')) as Record<string, unknown>
    expect(Object.keys(empty)).toEqual(full)
    expect(empty).toMatchObject({
      request_count: 0,
      total_cost: 0,
      ttft_stats: null,
      filters_without_match: ['model=nothing'],
    })
  })
})

it('without usage tracking says how to have it', async () => {
  const off = await startTestProxy({ config: { usage_tracking: { enabled: false } } })
  const answer = await fetch(`${off.url}/v1/usage/stats`)
  expect(answer.status).toBe(404)
  expect(await answer.text()).toContain('usage_tracking.enabled')
  await off.stop()
})
