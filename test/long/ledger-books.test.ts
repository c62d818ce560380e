import { expect, test } from 'vitest'
import { runBooks } from '../usage/books/run-books.ts'

/** Another run each time; a failure names the seed that repeats it. */
test('each of 2,000 exchanges has one record, equal to what its providers wrote down', {
  timeout: 180_000,
}, async () => {
  const seed = Number(process.env.LLMPROXY_BOOKS_SEED ?? Date.now() % 1_000_000)
  const faults = await runBooks({ seed, exchanges: 2_000, atOnce: 32 })
  expect(faults, `LLMPROXY_BOOKS_SEED=${seed}`).toEqual([])
})
