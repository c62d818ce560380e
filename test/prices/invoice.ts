import { expect, test } from 'vitest'
import type { PriceQuestion } from '../../src/core/cost.ts'
import type { ReportedUsage } from '../../src/core/usage.ts'
import { createPriceBook } from '../../src/prices/index.ts'

/** A Thursday after all the price changes of the bundled data but those of 2027. */
export const october = '2026-10-01T12:00:00Z'

export function asked(backendType: string, model: string, usage: ReportedUsage, at = october): PriceQuestion {
  return { backend: backendType, backendType, model, usage, atMs: Date.parse(at) }
}

/** In, out. */
export function tokens(
  promptTokens: number,
  completionTokens: number,
  more: ReportedUsage = {},
): ReportedUsage {
  return { promptTokens, completionTokens, ...more }
}

/** What is charged, then the sum in nano-dollars as worked out beside it: tokens × USD per million = µ$, × 1000. */
export type Invoice = [title: string, question: PriceQuestion, nanoUsd: number | null]

export function checkInvoices(invoices: readonly Invoice[]): void {
  const book = createPriceBook({})
  test.each(invoices)('%s', (_title, question, nanoUsd) => {
    expect(book.priceOf(question)?.nanoUsd ?? null).toBe(nanoUsd)
  })
}
