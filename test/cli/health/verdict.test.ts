import { describe, expect, it } from 'vitest'
import { ProxyAway } from '../../../src/cli/api-client.ts'
import { Failure } from '../../../src/cli/failure.ts'
import { readReport } from '../../../src/cli/health/report.ts'
import { healthExitCode, onScale } from '../../../src/cli/health/verdict.ts'
import { anAnswer } from './health-answers.ts'

it.each([
  ['ok', 0, 0],
  ['degraded', 0, 1],
  ['down', 1, 2],
  ['asleep', 0, 3],
  [null, 0, 3],
  [7, 0, 3],
])('status %j is exit code %i, with --exit-code %i', (status, plain, refined) => {
  const report = readReport(anAnswer({ status }))!
  expect([healthExitCode(report, false), healthExitCode(report, true)]).toEqual([plain, refined])
})

describe('with --exit-code a question without an answer', () => {
  const codeOf = (thrown: unknown) => (onScale(thrown) as Failure).exitCode

  it('is 2 where no proxy answers, and says the same', () => {
    const away = new ProxyAway('http://127.0.0.1:9', new Error('refused'))
    expect(onScale(away)).toMatchObject({
      exitCode: 2,
      message: away.message,
      tries: away.tries,
      cause: away.cause,
    })
  })

  it('is 3 where what answers says no health, and wrong usage where the question was wrong', () => {
    expect(codeOf(new Failure('an access key is wanted', 3))).toBe(3)
    expect(codeOf(new Failure('it broke', 1))).toBe(3)
    expect(codeOf(new Failure('--url must be an address', 2))).toBe(2)
  })

  it('leaves a fault of ours a fault', () => {
    const fault = new TypeError('x is undefined')
    expect(onScale(fault)).toBe(fault)
  })
})

it.each([[null], ['x'], [[]], [{}], [{ error: {} }], [{ status: 200 }], [{ status: 'ok' }]])(
  '%j is no health',
  (answer) => {
    expect(readReport(answer)).toBeNull()
  },
)
