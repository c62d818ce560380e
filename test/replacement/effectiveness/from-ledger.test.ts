import { join } from 'node:path'
import { expect, it } from 'vitest'
import type { ComparedExchange } from '../../../src/core/compared-exchange.ts'
import { effectiveness } from '../../../src/replacement/effectiveness/index.ts'
import { readLedger } from '../../../src/usage/read-ledger.ts'
import { openStore } from '../../../src/usage/stores/index.ts'
import { aRecord } from '../../support/a-record.ts'
import { tempFolder } from '../../support/temp-folder.ts'

it('effectiveness is told of a ledger as it stands on disk', async () => {
  const path = join(tempFolder(), 'usage.db')
  const store = openStore(path, {
    ...{ readOnly: false, machine: 'here', mostRecords: 1, flushIntervalMs: 1, onNotice: () => {} },
  })
  const rule = 'claude=openai:gpt-4o-mini'
  const records = Array.from({ length: 90 }, (_, at) =>
    aRecord({
      session_id: `s_${at % 45}`,
      replacement: { rule, decision: at % 3 === 0 ? 'replaced' : at % 3 === 1 ? 'lost_roll' : 'first_turn' },
      replaced: at % 3 === 0 && at > 0,
      cost_usd: at % 3 === 0 ? 0.001 : 0.004,
      ttft_ms: at % 3 === 0 ? 100 : 250,
    }),
  )
  await store.append({ id: 'me', pid: 1, machine: 'here' }, { records, opened: [], ended: [] })
  await store.close()
  const ledger = readLedger(path)
  // What the ledger gives is what is compared, without a word between them.
  const exchanges: AsyncIterable<ComparedExchange> = await ledger.compared(new URLSearchParams(), null)
  const [entry, ...others] = await effectiveness(exchanges)
  await ledger.close()
  expect(others).toEqual([])
  expect(entry).toMatchObject({
    ...{ from: 'claude', to: 'openai:gpt-4o-mini', enough_data: false },
    replaced: { requests: 30, error_rate: 1 / 30, ttft_p50_ms: 100, cost_per_request: 0.001 },
    baseline: { requests: 30, error_rate: 0, ttft_p50_ms: 250, cost_per_request: 0.004 },
    difference: { ttft_p50_ms: -150, tokens_per_request: 0 },
    cost_saved: expect.closeTo(29 * 0.003, 12),
    cost_per_request_interval: [expect.closeTo(-0.003, 12), expect.closeTo(-0.003, 12)],
  })
})
