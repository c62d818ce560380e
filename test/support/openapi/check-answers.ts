import { afterAll, afterEach, expect } from 'vitest'
import { takeAnswers } from './recorded-answers.ts'

// For each test file, before it: whatever a proxy of ours answers in any test, in this process or as a program that a
// test started, has to be as `GET /openapi.json` tells of it.
afterEach(expectDocumentedAnswers)
afterAll(expectDocumentedAnswers)

async function expectDocumentedAnswers(): Promise<void> {
  const answers = takeAnswers()
  if (answers.length === 0) return
  const { faultsOf } = await import('./faults-of.ts')
  const faults = answers.flatMap(faultsOf)
  if (faults.length > 0) expect.fail(`answers are not as documented:\n${[...new Set(faults)].join('\n')}`)
}
