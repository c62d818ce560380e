import { describe, expect, it } from 'vitest'
import { prepareReconciliation, type ReconcileQuestion } from '../../../src/usage/reconcile/index.ts'
import type { UsageRecord } from '../../../src/usage/record/record.ts'
import { anEntry, aRecord } from '../../support/a-record.ts'
import { piecesOf } from './invoice/read.ts'

const map = 'date=date,model=model,tokens=tokens,cost=cost'
const header = 'date,model,tokens,cost\n'

async function reportOf(
  csv: string,
  records: readonly UsageRecord[],
  changed: Partial<ReconcileQuestion> = {},
) {
  const { compare } = await prepareReconciliation({
    ...{ bytes: piecesOf(Buffer.from(csv)), map, timeZone: 'UTC', since: null, until: null },
    ...{ tolerancePercent: 0.5, backends: [], nowMs: Date.parse('2026-12-01T00:00:00Z'), ...changed },
  })
  const lines = records.map((record) => `${JSON.stringify(record)}\n`).join('')
  return compare(piecesOf(Buffer.from(lines), 1_000))
}

function exchange(timestamp: string, prompt: number, changed: Partial<UsageRecord> = {}): UsageRecord {
  const record = aRecord({
    ...{ timestamp, cost_usd: (prompt * 2_500 + 10_000 * 20) / 1e9 },
    backend_reported_usage: { prompt_tokens: prompt, completion_tokens: 20, total_tokens: prompt + 20 },
    ...changed,
  })
  record.attempt_log = [anEntry(record, { started_ms: 0, duration_ms: 500 })]
  return record
}

const at = (time: string, prompt = 980) => exchange(`2026-11-03T${time}:00.000Z`, prompt)

describe('the tolerance', () => {
  const ledger = [at('12:00')]
  it.each([
    ['1000', 0.5, true],
    ['1005', 0.5, true],
    ['1006', 0.5, false],
    ['995', 0.5, true],
    ['994', 0.5, false],
    ['1001', 0, false],
    ['1000', 0, true],
    ['2000', 50, true],
  ])('%s tokens against 1000 within %s percent: %s', async (tokens, tolerancePercent, agrees) => {
    const csv = `${header}2026-11-03,gpt-4o,${tokens},0.00265\n`
    expect((await reportOf(csv, ledger, { tolerancePercent })).within_tolerance).toBe(agrees)
  })

  it('lets an invoice round its cost to cents', async () => {
    const csv = (cost: string) => `${header}2026-11-03,gpt-4o,1000,${cost}\n`
    for (const cost of ['0.00', '0.003', '0.0026']) {
      expect((await reportOf(csv(cost), ledger)).within_tolerance).toBe(true)
    }
    for (const cost of ['0.01', '0.0030', '0.00300']) {
      expect((await reportOf(csv(cost), ledger)).within_tolerance).toBe(false)
    }
  })
})

describe('the days', () => {
  it('are those of the zone that was asked for, also one that is no whole hour from UTC', async () => {
    const ledger = [at('18:15', 480), at('18:45', 1_480)]
    const csv = `${header}2026-11-03,gpt-4o,500,\n2026-11-04,gpt-4o,1500,\n`
    const asked = { timeZone: 'Asia/Kolkata', map: 'date=date,model=model,tokens=tokens' }
    expect((await reportOf(csv, ledger, asked)).rows).toMatchObject([
      { date: '2026-11-03', ledger: { tokens: 500 }, within_tolerance: true },
      { date: '2026-11-04', ledger: { tokens: 1_500 }, within_tolerance: true },
    ])
  })

  it('have 25 hours where summer time ends', async () => {
    const ledger = [exchange('2026-10-24T22:30:00.000Z', 480), exchange('2026-10-25T22:30:00.000Z', 1_480)]
    const csv = `${header}2026-10-25,gpt-4o,2000,\n`
    const asked = { timeZone: 'Europe/Berlin', map: 'date=date,model=model,tokens=tokens' }
    expect(await reportOf(csv, ledger, asked)).toMatchObject({ within_tolerance: true, rows: [{}] })
  })

  it('end between two hours also where those of the period begin at full ones', async () => {
    // Summer time ends on this day, in a zone that is half an hour back then.
    const ledger = [exchange('2026-04-05T13:15:00.000Z', 480), exchange('2026-04-05T13:45:00.000Z', 1_480)]
    const asked = { timeZone: 'Australia/Lord_Howe', map: 'date=date,model=model,tokens=tokens' }
    expect((await reportOf(`${header}2026-04-05,gpt-4o,500,\n`, ledger, asked)).rows).toMatchObject([
      { date: '2026-04-05', ledger: { tokens: 500 }, within_tolerance: true },
    ])
  })

  it('of moments are no matter of zones: none is guessed', async () => {
    const moments = `${header}2026-11-03T23:30:00Z,gpt-4o,1000,\n2026-11-04T12:00:00Z,gpt-4o,1000,\n`
    const ledger = [at('12:00'), exchange('2026-11-04T12:00:00.000Z', 980), at('01:00', 480)]
    const report = await reportOf(moments, ledger, { map: 'date=date,model=model,tokens=tokens' })
    expect(report.invoice_utc_offsets).toBeNull()
  })

  it('that are asked for are compared, whatever else the invoice has', async () => {
    const csv = `${header}2026-11-02,gpt-4o,7,\n2026-11-03,gpt-4o,1000,\n2026-11-05,gpt-4o,7,\n`
    const asked = { since: '2026-11-03', until: '2026-11-04', map: 'date=date,model=model,tokens=tokens' }
    expect(await reportOf(csv, [at('12:00')], asked)).toMatchObject({
      ...{ period: { since: '2026-11-03', until: '2026-11-04' }, invoice: { rows: 1 } },
      rows: [{ date: '2026-11-03', within_tolerance: true }],
    })
  })

  it('of a misspelt year are too many', async () => {
    const csv = `${header}2026-11-03,gpt-4o,1,1\n9026-11-03,gpt-4o,1,1\n`
    await expect(reportOf(csv, [])).rejects.toThrow('2026-11-03 to 9026-11-03 is more than ten years')
    const asked = { since: '2026-11-03', until: '2026-11-03' }
    expect((await reportOf(csv, [], asked)).rows).toHaveLength(1)
  })

  it('of which neither side has anything leave nothing to compare', async () => {
    const asked = { since: '2026-10-01', until: '2026-10-02' }
    await expect(reportOf(`${header}2026-11-03,gpt-4o,1,1\n`, [], asked)).rejects.toMatchObject({
      code: 'nothing',
      message: expect.stringContaining('the invoice has 2026-11-03 to 2026-11-03'),
    })
  })
})

it('days that an export writes as midnights of their zone are looked for at another hour, as all days', async () => {
  const midnights = ['2026-11-03', '2026-11-04'].map((day) => `${day}T00:00:00-08:00,gpt-4o,1000,\n`)
  const ledger = [exchange('2026-11-03T20:00:00.000Z', 980), exchange('2026-11-05T07:00:00.000Z', 980)]
  const report = await reportOf(header + midnights.join(''), ledger, {
    map: 'date=date,model=model,tokens=tokens',
  })
  expect(report.invoice_utc_offsets).toContain(-8)
  expect(report.causes[0]?.cause).toBe('time_zone')
})

describe('what is asked of the ledger', () => {
  const query = async (changed: Partial<ReconcileQuestion>) => {
    const bytes = piecesOf(Buffer.from(`${header}2026-11-03,gpt-4o,1,1\n`))
    const asked = {
      map,
      timeZone: 'UTC',
      since: null,
      until: null,
      tolerancePercent: 1,
      backends: [],
      nowMs: 0,
    }
    return (await prepareReconciliation({ bytes, ...asked, ...changed })).query
  }

  it('has room around the period for days that begin elsewhere', async () => {
    expect(Object.fromEntries(await query({}))).toEqual({
      ...{ format: 'jsonl', start_date: '2026-11-01T12:00:00.000Z', end_date: '2026-11-05T12:00:00.000Z' },
    })
  })

  it('is the backends that were named', async () => {
    expect((await query({ backends: ['openai', 'openai.eu'] })).getAll('backend')).toEqual([
      'openai',
      'openai.eu',
    ])
  })

  it.each([
    [{ timeZone: 'Mars/Olympus' }, '"Mars/Olympus" is no time zone'],
    [{ since: '2026-11-05', until: '2026-11-03' }, '--until is before --since'],
    [{ since: 'soon' }, '"since" is no date'],
  ])('cannot be %j', async (changed, message) => {
    await expect(query(changed)).rejects.toThrow(message)
  })
})

describe('a cause', () => {
  const plain = { map: 'date=date,model=model,tokens=tokens,cost=cost' }

  it('is not sought in what agrees', async () => {
    const left = { outcome: 'incomplete' as const, incomplete_reason: 'client_disconnect' as const }
    const record = { ...at('12:00'), ...left, tokens_source: 'count' as const }
    const csv = `${header}2026-11-03,gpt-4o,1000,0.00265\n`
    expect((await reportOf(csv, [{ ...record, mutated_prompt_tokens: 980 }], plain)).rows).toMatchObject([
      { within_tolerance: true, causes: [] },
    ])
  })

  it('is unknown where nothing in the ledger shows it', async () => {
    const { rows } = await reportOf(`${header}2026-11-03,gpt-4o,1500,0.004\n`, [at('12:00')], plain)
    expect(rows[0]?.causes).toMatchObject([{ cause: 'unknown', tokens: 500, share: 1 }])
  })

  it('is not more than it can be: an answer that was cut off is no million tokens', async () => {
    const record = exchange('2026-11-03T12:00:00.000Z', 980, {
      ...{ outcome: 'incomplete', incomplete_reason: 'timeout', tokens_source: 'count' },
      ...{ backend_reported_usage: null, mutated_prompt_tokens: 980 },
    })
    const csv = `${header}2026-11-03,gpt-4o,1001000,0.00265\n`
    const [unknown, disconnects] = (await reportOf(csv, [record], plain)).rows[0]?.causes ?? []
    expect(unknown).toMatchObject({ cause: 'unknown' })
    expect(disconnects).toMatchObject({ cause: 'disconnects', tokens: 64_000 })
    expect(disconnects?.sentence).toContain('1 answer ended early (timeout 1)')
  })

  it('can be several: two of a day have their shares', async () => {
    const died = exchange('2026-11-03T13:00:00.000Z', 0, {
      ...{ outcome: 'incomplete', incomplete_reason: 'crash', tokens_source: null, cost_usd: null },
      ...{ backend_reported_usage: null, mutated_prompt_tokens: null, verbatim_completion_tokens: null },
    })
    const unpriced = exchange('2026-11-03T14:00:00.000Z', 980, { cost_usd: null })
    const csv = `${header}2026-11-03,gpt-4o,3000,0.00795\n`
    const [row] = (await reportOf(csv, [at('12:00'), died, unpriced], plain)).rows
    expect(row?.difference).toEqual({ tokens: 1_000, cost_usd: 0.0053 })
    expect(row?.causes.map(({ cause }) => cause)).toEqual(['crash', 'unpriced'])
    const sum = row?.causes.reduce((all, { cost_usd }) => all + (cost_usd ?? 0), 0)
    expect(sum).toBeCloseTo(0.0053, 9)
  })

  it('is a rate where the money of all days has the same factor, and the tokens agree', async () => {
    const days = ['2026-11-03', '2026-11-04', '2026-11-05']
    const csv = header + days.map((day) => `${day},gpt-4o,1000,0.00212\n`).join('')
    const ledger = days.map((day) => exchange(`${day}T12:00:00.000Z`, 980))
    const { causes } = await reportOf(csv, ledger, plain)
    expect(causes).toMatchObject([{ cause: 'other_rates', rows: 3, share: 1 }])
    expect(causes[0]?.sentence).toContain('the money is 0.80 times ours on all 3 days')
  })

  it('does not say that tokens agree on a day on which they do not, though its money has the rate of others', async () => {
    const days = ['2026-11-03', '2026-11-04', '2026-11-05']
    const csv = header + days.map((day, i) => `${day},gpt-4o,${i === 2 ? 1_400 : 1_000},0.00212\n`).join('')
    const ledger = days.map((day) => exchange(`${day}T12:00:00.000Z`, 980))
    const sentences = (await reportOf(csv, ledger, plain)).rows.map(
      ({ causes }) => causes.find(({ cause }) => cause === 'other_rates')?.sentence,
    )
    const agreeing = sentences.map((sentence) => sentence?.startsWith('The tokens agree, the money'))
    expect(agreeing).toEqual([true, true, false])
  })

  it('is a rate too on a day that stands alone, where the tokens agree', async () => {
    const { rows } = await reportOf(`${header}2026-11-03,gpt-4o,1000,0.00318\n`, [at('12:00')], plain)
    expect(rows[0]?.causes).toMatchObject([{ cause: 'other_rates', tokens: 0, cost_usd: 0.00053 }])
    expect(rows[0]?.causes[0]?.sentence).toContain('the money is 1.20 times ours: a discount')
  })

  it('is our own count before it is a rate: a count knows nothing of caches', async () => {
    const counted = {
      tokens_source: 'count' as const,
      backend_reported_usage: null,
      mutated_prompt_tokens: 980,
    }
    const record = exchange('2026-11-03T12:00:00.000Z', 980, counted)
    const { rows } = await reportOf(`${header}2026-11-03,gpt-4o,1000,0.0012\n`, [record], plain)
    expect(rows[0]?.causes.map(({ cause }) => cause)).toEqual(['missing_reports'])
  })

  it('is midnight only where the next day has what the first one lacks', async () => {
    const late = exchange('2026-11-03T23:59:59.800Z', 480)
    const ledger = [at('12:00'), late, exchange('2026-11-04T12:00:00.000Z', 980)]
    const csv = (next: number) => `${header}2026-11-03,gpt-4o,1000,\n2026-11-04,gpt-4o,${next},\n`
    const asked = { map: 'date=date,model=model,tokens=tokens' }
    const moved = await reportOf(csv(1_500), ledger, asked)
    expect(moved.causes).toMatchObject([{ cause: 'over_midnight', rows: 2, tokens: 0 }])
    const lacking = await reportOf(csv(1_000), ledger, asked)
    expect(lacking.causes).toMatchObject([{ cause: 'unknown', rows: 1, tokens: -500 }])
  })

  it('is midnight for as much money as ran over it, and no more', async () => {
    const late = exchange('2026-11-03T23:59:59.800Z', 480)
    const ledger = [at('12:00'), late, exchange('2026-11-04T12:00:00.000Z', 980)]
    const csv = `${header}2026-11-03,gpt-4o,1000,0.00265\n2026-11-04,gpt-4o,1500,5.00405\n`
    const [, row] = (await reportOf(csv, ledger, plain)).rows
    const midnight = row?.causes.find(({ cause }) => cause === 'over_midnight')
    expect(midnight).toMatchObject({ tokens: 500, cost_usd: 0.0014 })
    expect(row?.causes.map(({ cause }) => cause)).toContain('other_rates')
  })

  it('of tokens that ran over midnight is no rate where the invoice has no money', async () => {
    const late = exchange('2026-11-03T23:59:59.800Z', 49_980)
    const ledger = [at('12:00', 99_980), late, exchange('2026-11-04T12:00:00.000Z', 949_980)]
    const csv = `${header}2026-11-03,gpt-4o,100000,\n2026-11-04,gpt-4o,1002000,\n`
    const { rows } = await reportOf(csv, ledger, { map: 'date=date,model=model,tokens=tokens' })
    expect(rows.map(({ causes }) => causes.map(({ cause }) => cause))).toEqual([
      ['over_midnight'],
      ['over_midnight'],
    ])
  })

  it('is, of several hours at which the days may begin, the one nearest to UTC first', async () => {
    const day = (date: number, time: string, prompt: number) =>
      exchange(`2026-11-0${date}T${time}:00.000Z`, prompt)
    const ledger = [day(3, '10:00', 980), day(3, '21:30', 1_980), day(4, '10:00', 980), day(4, '21:30', 480)]
    const csv = `${header}2026-11-03,gpt-4o,1000,\n2026-11-04,gpt-4o,3000,\n`
    const report = await reportOf(csv, ledger, { map: 'date=date,model=model,tokens=tokens' })
    expect(report.invoice_utc_offsets).toEqual([3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13])
    expect(report.causes[0]?.sentence).toContain('read in UTC+03:00 (or 10 zones beside) they agree')
  })

  it('of an invoice without tokens is a rate only where several days have the same factor', async () => {
    const days = ['2026-11-03', '2026-11-04', '2026-11-05']
    const asked = { map: 'date=date,cost=cost' }
    const csv = (costs: readonly string[]) =>
      header + days.map((day, index) => `${day},gpt-4o,,${costs[index]}\n`).join('')
    const ledger = days.map((day) => exchange(`${day}T12:00:00.000Z`, 980))
    const steady = await reportOf(csv(['0.00212', '0.00212', '0.00212']), ledger, asked)
    expect(steady.causes.map(({ cause }) => cause)).toEqual(['other_rates'])
    expect(steady.causes[0]?.sentence).toMatch(/^The money is 0.80 times ours on all 3 days/)
    const other = await reportOf(csv(['0.00212', '0.00265', '0.00400']), ledger, asked)
    expect(other.causes.map(({ cause }) => cause)).toEqual(['unknown'])
  })
})

it('an export that broke off is no basis for a comparison', async () => {
  const { compare } = await prepareReconciliation({
    ...{
      bytes: piecesOf(Buffer.from(`${header}2026-11-03,gpt-4o,1,1\n`)),
      map,
      timeZone: 'UTC',
      since: null,
    },
    ...{ until: null, tolerancePercent: 1, backends: [], nowMs: 0 },
  })
  const cut = JSON.stringify(at('12:00')).slice(0, -5)
  await expect(compare(piecesOf(Buffer.from(cut)))).rejects.toThrow('broke off')
})
