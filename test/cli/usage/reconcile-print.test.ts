import { Chalk } from 'chalk'
import { describe, expect, it } from 'vitest'
import { printReconciliation } from '../../../src/cli/usage/reconcile-print.ts'
import type {
  ReconcileAnswer,
  ReconcileNumbers,
  ReconcileRow,
} from '../../../src/cli/usage/reconcile-shape.ts'

const wide = Number.POSITIVE_INFINITY

function numbers(
  [tokens, cost]: [number | null, number | null],
  [ownTokens, ownCost]: [number | null, number | null],
  ledger: Partial<ReconcileNumbers['ledger']> = {},
): ReconcileNumbers {
  const less = (a: number | null, b: number | null) => (a === null || b === null ? null : a - b)
  const over = (a: number | null, b: number | null) => (a === null || !b ? null : a / b)
  return {
    invoice: { tokens, cost_usd: cost },
    ledger: {
      ...{ tokens: ownTokens, cost_usd: ownCost, attempts: 3, unpriced_attempts: 0, estimated_attempts: 0 },
      ...ledger,
    },
    difference: { tokens: less(tokens, ownTokens), cost_usd: less(cost, ownCost) },
    ratio: { tokens: over(tokens, ownTokens), cost_usd: over(cost, ownCost) },
    within_tolerance: tokens === ownTokens && cost === ownCost,
  }
}

const cause = (name: string, tokens: number, cost: number, share: number) => ({
  ...{ cause: name, tokens, cost_usd: cost, share },
  sentence: `What is seen of ${name}, in a sentence that is longer than a narrow terminal is wide, so that it is broken.`,
})

const rows: ReconcileRow[] = [
  {
    date: '2026-11-03',
    model: 'claude-sonnet-4.5',
    causes: [],
    ...numbers([1_204_000, 12.4], [1_204_000, 12.4]),
  },
  {
    ...{ date: '2026-11-03', model: 'gpt-4o' },
    causes: [cause('disconnects', 20_000, 0.31, 0.9), cause('retries', 1_000, 0.01, 0.1)],
    ...numbers([108_000, 0.63], [87_000, 0.31], { estimated_attempts: 2 }),
  },
  {
    ...{
      date: '2026-11-04',
      model: 'an-extraordinarily-long-name-of-a-model-that-nobody-can-read-on-a-terminal',
    },
    causes: [cause('not_through_proxy', 145_000, 0.41, 1)],
    ...numbers([145_000, 0.41], [0, 0], { attempts: 0 }),
  },
  {
    ...{ date: '2026-11-04', model: 'gpt-4o' },
    causes: [cause('unpriced', 0, 0.5, 1)],
    ...numbers([50_000, 0.5], [50_000, 0], { unpriced_attempts: 3 }),
  },
  {
    ...{ date: '2026-11-05', model: 'gpt-4o' },
    causes: [cause('not_on_invoice', -50_000, -0.25, 1)],
    ...numbers([0, 0], [50_000, 0.25]),
  },
]
const answer: ReconcileAnswer = {
  invoice: { format: 'openrouter_generations', rows: 1_204, notes: ['dates are read as month/day/year'] },
  ledger: { plan_attempts: 12, backends: ['openrouter'] },
  period: { since: '2026-11-03', until: '2026-11-05', time_zone: 'UTC' },
  ...{ tolerance_percent: 0.5, within_tolerance: false, rows },
  total: numbers([1_507_000, 13.94], [1_391_000, 12.96], {
    estimated_attempts: 2,
    unpriced_attempts: 3,
    attempts: 99,
  }),
  causes: [
    { ...cause('not_through_proxy', 145_000, 0.41, 0.5), rows: 1 },
    { ...cause('disconnects', 20_000, 0.31, 0.09), rows: 1_204 },
  ],
}
const print = (width: number, changed: Partial<ReconcileAnswer> = {}, level: 0 | 1 = 0) =>
  printReconciliation({ ...answer, ...changed }, { width, chalk: new Chalk({ level }) })

describe('a reconciliation', () => {
  it('in a pipe has every column and each cause on two lines', () => {
    const { answer: lines, talk } = print(wide)
    expect(lines.join('\n')).toMatchInlineSnapshot(`
      "OpenRouter's activity, 1,204 rows, against the ledger at openrouter: 2026-11-03 – 2026-11-05 (UTC)

      DAY         MODEL                                                                       TOKENS inv  TOKENS own  TOKENS ±  TOKENS %  COST inv  COST own    COST ±  COST %  CAUSE
      2026-11-03  claude-sonnet-4.5                                                                 1.2M        1.2M         0        0%    $12.40    $12.40     $0.00      0%  agrees
      2026-11-03  gpt-4o                                                                            108k      ~87.0k    +21.0k      +24%   $0.6300   $0.3100  +$0.3200   +103%  disconnects +1
      2026-11-04  an-extraordinarily-long-name-of-a-model-that-nobody-can-read-on-a-terminal        145k           0     +145k         —   $0.4100     $0.00  +$0.4100       —  not_through_proxy
      2026-11-04  gpt-4o                                                                           50.0k       50.0k         0        0%   $0.5000         —  +$0.5000       —  unpriced
      2026-11-05  gpt-4o                                                                               0       50.0k    -50.0k     -100%     $0.00   $0.2500  -$0.2500   -100%  not_on_invoice
      ───────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
      Total                                                                                         1.5M       ~1.4M     +116k     +8.3%    $13.94    $12.96  +$0.9800   +7.6%  4 off

      4 of 5 days and models are off by more than 0.5%

      not_through_proxy  50% of what is off: +145k tokens, +$0.4100, in 1 row
        What is seen of not_through_proxy, in a sentence that is longer than a narrow terminal is wide, so that it is broken.
      disconnects  9.0% of what is off: +20.0k tokens, +$0.3100, in 1,204 rows
        What is seen of disconnects, in a sentence that is longer than a narrow terminal is wide, so that it is broken."
    `)
    expect(talk).toMatchInlineSnapshot(`
      [
        "dates are read as month/day/year",
        "12 attempts through a plan left out: a plan bills no tokens",
        "~ 2 attempts counted by us: their provider reported no usage, or not all",
        "3 attempts without a known price; add it under usage_tracking.prices in the configuration",
      ]
    `)
  })

  it.each([80, 120, 200])('fits %i columns: no number is cut, and what has no room is named', (width) => {
    const { answer: lines, talk } = print(width)
    for (const line of [...lines, ...talk]) expect([...line].length).toBeLessThanOrEqual(width)
    const text = lines.join('\n')
    for (const shown of ['+145k', '+$0.4100', '-50.0k', '-$0.2500', 'disconnects +1', '4 off']) {
      expect(text).toContain(shown)
    }
    const hidden = talk.join(' ').match(/hidden: [^()]*/)?.[0]
    if (width === 80) expect(hidden).toContain('TOKENS inv, TOKENS own, TOKENS %, COST inv, COST own, COST %')
    if (width === 120) expect(hidden).toMatch(/^hidden: TOKENS %(, COST %)? $/)
    if (width === 200) expect(hidden).toBeUndefined()
  })

  it('has its numbers to the right', () => {
    const lines = print(wide).answer.slice(2, 8)
    const ends = ['TOKENS inv', 'TOKENS ±', 'COST ±'].map((title) => lines[0]!.indexOf(title) + title.length)
    for (const line of lines.slice(1)) {
      for (const end of ends) expect(line.slice(end - 1, end + 2)).toMatch(/^\S {2}$/)
    }
  })

  it('shows only what the invoice tells', () => {
    const bare = [{ ...rows[0]!, ...numbers([null, 2], [null, 2]) }]
    const { answer: lines } = print(wide, { rows: bare, total: bare[0]!, within_tolerance: true, causes: [] })
    expect(lines[2]).toMatch(/^DAY +MODEL +COST inv +COST own +COST ± +COST % +CAUSE$/)
    expect(lines.at(-1)).toBe('the one day and model agrees within 0.5%')
  })

  it('leaves out what agrees where it is too much to read, and says so', () => {
    const many = Array.from({ length: 500 }, (_, index) => ({ ...rows[0]!, model: `model-${index}` }))
    const { answer: lines, talk } = print(wide, { rows: [...many, rows[1]!] })
    expect(lines.filter((line) => line.startsWith('2026-'))).toHaveLength(1)
    expect(talk).toContain('500 days and models that agree are not shown; --json has them')
  })

  it('has colour only where it is asked for, and the same words with it', () => {
    const esc = String.fromCharCode(27)
    const coloured = print(120, {}, 1).answer.join('\n')
    expect(coloured).toContain(`${esc}[`)
    const plain = coloured.replaceAll(new RegExp(`${esc}\\[\\d+m`, 'g'), '')
    expect(plain).toBe(print(120).answer.join('\n'))
    expect(plain).not.toContain(esc)
  })

  it('shows names of models that would move the cursor as symbols', () => {
    const evil = [{ ...rows[1]!, model: 'gpt\u001b[2J\n' }]
    expect(print(wide, { rows: evil }).answer.join('\n')).toContain('gpt␛[2J␊')
  })
})
