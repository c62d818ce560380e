import { vi } from 'vitest'
import type { UsageRecord } from '../../../src/usage/record/record.ts'
import { startTestProxy } from '../../support/start-proxy.ts'
import { configFor } from './backends.ts'
import type { BookLine } from './books.ts'
import { type BookClient, bookClient, type Seen } from './client.ts'
import { differences } from './compare.ts'
import { planExchange, warmUp } from './generate.ts'
import { recordsOf, statisticsOf } from './ledger.ts'
import type { ExchangePlan } from './plan.ts'
import { startBookedProvider } from './provider.ts'
import { slowClock } from './slow-clock.ts'
import { wrongSums } from './sums.ts'

export interface BooksRun {
  seed: number
  exchanges: number
  atOnce: number
}

type Lived = readonly { plan: ExchangePlan; seen: Seen }[]

/** Lives through all exchanges and compares the ledger with the providers' books: what differs, a line each. */
export async function runBooks({ seed, exchanges, atOnce }: BooksRun): Promise<string[]> {
  const plans = Array.from({ length: exchanges }, (_, index) => planExchange(seed, index + 1))
  const warming = Array.from({ length: 50 }, (_, index) => warmUp(90_001 + index))
  const all = new Map([...warming, ...plans].map((plan) => [plan.id, plan]))
  const books: BookLine[] = []
  const provider = await startBookedProvider({
    partOf({ exchange }, number) {
      const plan = all.get(exchange)
      const part = plan?.parts[number - 1]
      return plan && part && { plan, part }
    },
    write: (line) => void books.push(line),
  })
  const proxy = await startTestProxy({
    ledger: true,
    clock: slowClock(20),
    config: configFor(provider.urlOf),
  })
  const client = bookClient(proxy.url, provider)
  try {
    const warmed = await untilCounting(proxy.url, warming, client)
    const lived = await liveAll(plans, client, atOnce)
    const records = await recordsOf(proxy.url, warmed + exchanges)
    await booksClosed(books, warmed + plans.reduce((sum, { parts }) => sum + parts.length, 0))
    const faults = faultsOf(lived, records, books)
    if (records.length !== warmed + exchanges)
      faults.push(`${records.length} records of ${warmed} + ${exchanges} exchanges`)
    return [...faults, ...wrongSums(await statisticsOf(proxy.url), records)]
  } finally {
    await client.close()
    await proxy.stop()
    await provider.close()
  }
}

async function liveAll(plans: readonly ExchangePlan[], client: BookClient, atOnce: number): Promise<Lived> {
  const lived: { plan: ExchangePlan; seen: Seen }[] = []
  const waiting = plans.values()
  const liveOn = async () => {
    for (const plan of waiting) lived.push({ plan, seen: await client.live(plan) })
  }
  await Promise.all(Array.from({ length: atOnce }, liveOn))
  return lived
}

function faultsOf(lived: Lived, records: readonly UsageRecord[], books: readonly BookLine[]): string[] {
  return lived.flatMap(({ plan, seen }) => {
    // Where a request cannot be read, its answer names the record.
    const own = records.filter(({ id, session_id }) => session_id === plan.id || id === seen.recordId)
    const lines = books.filter(({ exchange }) => exchange === plan.id).sort((a, b) => a.number - b.number)
    const [record, ...others] = own
    if (record === undefined || others.length > 0)
      return [`${plan.id} ${plan.kind} has ${own.length} records`]
    return differences({ plan, seen, lines }, record)
  })
}

/** The tokenizer is loaded with the first exchange. How many there were until it counted. */
async function untilCounting(
  url: string,
  plans: readonly ExchangePlan[],
  client: BookClient,
): Promise<number> {
  for (const [index, plan] of plans.entries()) {
    await client.live(plan)
    const records = await recordsOf(url, index + 1)
    if (records.some((record) => record.token_count_method === 'tokenizer')) return index + 1
  }
  throw new Error('the proxy does not begin to count tokens')
}

/** A provider that was left writes its line a moment after the proxy. What never comes, the comparison tells. */
async function booksClosed(books: readonly BookLine[], lines: number): Promise<void> {
  const closed = () => {
    if (books.length < lines) throw new Error(`${books.length} of ${lines} lines`)
  }
  await vi.waitFor(closed, 5_000).catch(() => {})
}
