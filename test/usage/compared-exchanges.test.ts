import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ComparedExchange } from '../../src/core/compared-exchange.ts'
import { createUsageApi, type UsageApi } from '../../src/usage/api.ts'
import { readCompared } from '../../src/usage/compared-exchanges.ts'
import { readLedger } from '../../src/usage/read-ledger.ts'
import type { UsageRecord } from '../../src/usage/record/record.ts'
import { openStore } from '../../src/usage/stores/index.ts'
import { type Owner, StoreError, type UsageStore } from '../../src/usage/stores/store.ts'
import { aRecord } from '../support/a-record.ts'
import { tempFolder } from '../support/temp-folder.ts'

const me: Owner = { id: 'me', pid: process.pid, machine: 'here' }
const rule = '*=openai:gpt-4o-mini'
const replaced = (changed: Partial<UsageRecord> = {}) =>
  aRecord({ replaced: true, replacement: { rule, decision: 'replaced' }, ...changed })
const lost = (changed: Partial<UsageRecord> = {}) =>
  aRecord({ replacement: { rule, decision: 'lost_roll' }, ...changed })

const whole = { fromMs: null, untilMs: null }

async function listOf(exchanges: AsyncIterable<ComparedExchange>): Promise<ComparedExchange[]> {
  const all: ComparedExchange[] = []
  for await (const exchange of exchanges) all.push(exchange)
  return all
}

describe('an exchange to be compared', () => {
  const all = (...records: UsageRecord[]) => {
    const lines = records.map((record) => JSON.stringify(record))
    return listOf(readCompared({ page: () => Promise.resolve({ lines, next: null }) }, whole))
  }

  it('says what was measured, and null where the record does', async () => {
    const records = [
      replaced({
        ...{
          session_id: 's_7',
          ttft_ms: 12.5,
          total_duration_ms: 100.25,
          cost_usd: 0.25,
          tool_call_count: 3,
        },
        timestamp: '2026-11-10T00:00:01.000Z',
      }),
      lost({
        ...{ session_id: null, ttft_ms: null, cost_usd: null, list_cost_usd: 5, billing: 'subscription' },
        ...{ tokens_source: null, total_tokens: null, backend_reported_usage: null },
        timestamp: '2026-11-10T00:00:02.000Z',
      }),
    ]
    expect(await all(...records)).toEqual([
      {
        ...{ rule, sessionId: 's_7', decision: 'replaced', replaced: true, failed: false },
        ...{ ttftMs: 12.5, durationMs: 100.25, tokens: 119, costUsd: 0.25, toolCalls: 3 },
      },
      {
        ...{ rule, sessionId: null, decision: 'lost_roll', replaced: false, failed: false },
        ...{ ttftMs: null, durationMs: 910.5, tokens: null, costUsd: null, toolCalls: 0 },
      },
    ])
  })

  it.each([
    ['provider', { prompt_tokens: 10, completion_tokens: 5, total_tokens: 99 }, 15],
    ['provider', { prompt_tokens: 10 }, 10],
    ['provider', { total_tokens: 99 }, 99],
    ['provider', {}, null],
    ['count', { prompt_tokens: 10 }, 120],
    ['count', null, 120],
    [null, null, 120],
  ] as const)(
    'has the billed tokens: by %s with the report %j they are %s',
    async (source, report, tokens) => {
      const record = lost({ tokens_source: source, backend_reported_usage: report, total_tokens: 120 })
      expect(await all(record)).toMatchObject([{ tokens }])
    },
  )

  it.each([
    ['complete', null, false],
    ['rejected', null, false],
    ['error', null, true],
    ['incomplete', 'backend_error', true],
    ['incomplete', 'timeout', true],
    ['incomplete', 'truncated', true],
    ['incomplete', 'client_disconnect', false],
    ['incomplete', 'shutdown', false],
    ['incomplete', 'crash', false],
  ] as const)('%s, %s: failed is %s', async (outcome, incomplete_reason, failed) => {
    expect(await all(lost({ outcome, incomplete_reason }))).toMatchObject([{ failed }])
  })

  it('tells of one whose other model failed before output, and nothing of what was never sent anywhere', async () => {
    const never = [replaced({ attempts: 0, replaced: false }), lost({ attempts: 0 })]
    const found = await all(...never, replaced({ replaced: false }))
    expect(found).toMatchObject([{ decision: 'replaced', replaced: false }])
  })
})

describe.each(['usage.db', 'usage.json'])('exchanges to be compared, from %s', (name) => {
  let path: string
  let store: UsageStore
  const add = (...records: UsageRecord[]) => store.append(me, { records, opened: [], ended: [] })

  beforeEach(async () => {
    path = join(tempFolder(), name)
    store = openStore(path, {
      ...{ readOnly: false, machine: 'here', mostRecords: 10_000, flushIntervalMs: 1, onNotice: () => {} },
    })
    await store.prepare()
  })
  afterEach(() => store.close())

  it('are what was replaced and what lost its roll, oldest first over all pages', async () => {
    const at = (i: number) => new Date(Date.parse('2026-11-10T00:00:00Z') + i * 1_000).toISOString()
    const wanted = Array.from({ length: 1_203 }, (_, i) => {
      const changed = { timestamp: at(i), session_id: `s_${i}` }
      return i % 3 === 0 ? replaced(changed) : lost(changed)
    })
    const others = (['first_turn', 'cool_down', 'opted_out', 'no_place', 'target_unusable'] as const).map(
      (decision) => aRecord({ replacement: { rule, decision } }),
    )
    await add(...[...wanted].reverse(), ...others, aRecord())
    const found = await listOf(readCompared(store, whole))
    expect(found.map(({ sessionId }) => sessionId)).toEqual(wanted.map(({ session_id }) => session_id))
    expect(found.slice(0, 2).map(({ decision }) => decision)).toEqual(['replaced', 'lost_roll'])
  })

  it('are those of a window and of certain users', async () => {
    await add(
      lost({ timestamp: '2026-11-09T23:59:59.999Z', session_id: 'before' }),
      lost({ timestamp: '2026-11-10T00:00:00.000Z', session_id: 'first', proxy_user: 'ann' }),
      lost({ timestamp: '2026-11-10T23:59:59.999Z', session_id: 'last', proxy_user: 'bob' }),
      lost({ timestamp: '2026-11-11T00:00:00.000Z', session_id: 'behind' }),
    )
    const day = { fromMs: Date.parse('2026-11-10T00:00:00Z'), untilMs: Date.parse('2026-11-11T00:00:00Z') }
    const sessions = async (query: Parameters<typeof readCompared>[1]) =>
      (await listOf(readCompared(store, query))).map(({ sessionId }) => sessionId)
    expect(await sessions(day)).toEqual(['first', 'last'])
    expect(await sessions({ ...day, proxyUsers: ['ann'] })).toEqual(['first'])
  })

  it('can be asked of the API and of a ledger without a proxy, each of which flushes and refuses alike', async () => {
    const waiting = [lost({ timestamp: '2026-11-10T12:00:00.000Z', proxy_user: 'ann' })]
    const api = createUsageApi({
      store,
      clock: { nowMs: () => Date.parse('2026-11-10T13:00:00Z') },
      flush: async () => {
        await add(...waiting.splice(0))
      },
    })
    const asked = async (text: string, only: string | null, from: Pick<UsageApi, 'compared'> = api) =>
      (await listOf(await from.compared(new URLSearchParams(text), only))).length
    expect(await asked('', null)).toBe(1)
    expect(await asked('since=2h', 'ann')).toBe(1)
    expect(await asked('start_date=2026-11-10&end_date=2026-11-10', 'bob')).toBe(0)
    expect(await asked('start_date=2026-11-11', null)).toBe(0)
    const offline = readLedger(path)
    expect(await asked('start_date=2026-11-10', null, offline)).toBe(1)
    for (const one of [api, offline]) {
      await expect(one.compared(new URLSearchParams('start_date=soon'), null)).rejects.toMatchObject({
        ...{ code: 'bad_request', param: 'start_date' },
      })
    }
    await offline.close()
  })
})

it('a store that fails in the middle is told as the API tells it', async () => {
  const broken = { page: () => Promise.reject(new StoreError('damaged', 'the ledger is damaged: x')) }
  const api = createUsageApi({
    store: broken as unknown as UsageStore,
    clock: { nowMs: () => 0 },
    flush: () => Promise.resolve(),
  })
  await expect(listOf(await api.compared(new URLSearchParams(), null))).rejects.toMatchObject({
    ...{ code: 'ledger_failed', message: 'the ledger is damaged: x' },
  })
})
