import { describe, expect, it } from 'vitest'
import { invoiceOf } from './read.ts'

describe('an export of OpenRouter', () => {
  const row = (created: string, cost: string, prompt: number, completion: number, model: string) =>
    `gen-1,${created},${cost},0,,0,0,${prompt},${completion},5,0,${model},Prov,standard,false`
  const header =
    'generation_id,created_at,cost_total,cost_web_search,cost_cache,cost_file_processing,byok_usage_inference,' +
    'tokens_prompt,tokens_completion,tokens_reasoning,tokens_cached,model_permaslug,provider_name,variant,cancelled'

  it('is known by its header: a call a line, in UTC, reasoning within the completion', async () => {
    const invoice = await invoiceOf(
      [
        header,
        row('2026-06-28 03:46:57.713', '0.0123', 10_389, 137, 'openai/gpt-oss-120b'),
        row('2026-06-28 04:00:00', '1.2e-05', 10, 0, 'openai/gpt-oss-120b'),
        row('2026-06-28 05:00:00', '0', 0, 0, 'openai/gpt-oss-120b'),
      ].join('\n'),
    )
    expect(invoice.layout).toMatchObject({ format: 'openrouter_generations', backendType: 'openrouter' })
    expect(invoice.cells).toEqual([
      {
        ...{ day: '2026-06-28', model: 'openai/gpt-oss-120b', rows: 3, requests: 2 },
        ...{ tokens: 10_389 + 137 + 10, nanoUsd: 12_312_000, ownKeyNanoUsd: 0 },
      },
    ])
  })

  it('may lack columns and have others', async () => {
    const invoice = await invoiceOf(
      'created_at,new_column,model_permaslug,cost_total\n2026-06-28,x,a/b,1.5\n',
    )
    expect(invoice).toMatchObject({ hasTokens: false, hasCost: true })
    expect(invoice.cells).toMatchObject([{ model: 'a/b', nanoUsd: 1_500_000_000 }])
  })

  it('of days is known too, with its number of requests', async () => {
    const invoice = await invoiceOf(
      'date,model,model_permaslug,usage,byok_usage_inference,requests,prompt_tokens,completion_tokens\n' +
        '2025-08-24,openai/gpt-4.1,openai/gpt-4.1-2025-04-14,0.015,0.012,5,50,125\n',
    )
    expect(invoice.layout.format).toBe('openrouter_days')
    expect(invoice.cells).toMatchObject([
      {
        ...{ model: 'openai/gpt-4.1-2025-04-14', tokens: 175, nanoUsd: 15_000_000 },
        ...{ ownKeyNanoUsd: 12_000_000, requests: 5 },
      },
    ])
  })
})

describe('another invoice', () => {
  const file = 'day;name;in;out;Cost, net\n2026-11-03;gpt-4o;1.000;200;1,5\n2026-11-03;gpt-4o;1;2;0,25\n'

  it('is read by the columns that --map names, tokens and cost as sums', async () => {
    const map = 'date=day,model=name,tokens=in+out,cost=Cost, net'
    expect((await invoiceOf(file, map)).cells).toMatchObject([
      { day: '2026-11-03', model: 'gpt-4o', tokens: 1_203, nanoUsd: 1_750_000_000, rows: 2, requests: null },
    ])
  })

  it('may leave out the model, the tokens or the cost', async () => {
    expect(await invoiceOf(file, 'date=day,cost=Cost, net')).toMatchObject({
      ...{ hasTokens: false, hasCost: true, cells: [{ model: '', nanoUsd: 1_750_000_000 }] },
    })
  })

  it('whose column has a plus sign in its name is not taken for a sum', async () => {
    const { cells } = await invoiceOf('day,in+out,in,out\n2026-11-03,7,1,2\n', 'date=day,tokens=in+out')
    expect(cells).toMatchObject([{ tokens: 7 }])
  })

  it('in another currency is told to be, for the ledger has dollars', async () => {
    const csv = (cost: string) => `day,cost\n2026-11-03,1.5\n2026-11-04,"${cost}"\n2026-11-05,"${cost}"\n`
    const notes = async (cost: string) => (await invoiceOf(csv(cost), 'date=day,cost=cost')).notes
    for (const cost of ['€1.20', '1.20 EUR', '(1.20 €)', 'eur 1.20', '£1.20', '1.20 GBP']) {
      expect(await notes(cost)).toEqual([
        `line 3: cost is ${JSON.stringify(cost)}; the ledger has US dollars, and nothing is converted`,
      ])
    }
    for (const cost of ['1.20', '$1.20', 'US$ 1.20', '1.20 USD', '1.20 credits']) {
      expect(await notes(cost)).toEqual([])
    }
  })

  it('may tell its currency in the name of a column only', async () => {
    const map = 'date=day,tokens=Tokens,cost=Cost (EUR)'
    const { notes } = await invoiceOf('day,Tokens,Cost (EUR)\n2026-11-03,7,1.5\n', map)
    expect(notes).toEqual([
      'the costs are in the column "Cost (EUR)"; the ledger has US dollars, and nothing is converted',
    ])
  })

  it.each([
    ['date=dya,cost=Cost, net', 'the file has no column "dya"; did you mean "day"?'],
    ['date=day,cost=zzzzzzzz', 'the file has no column "zzzzzzzz"; it has day, name, in, out, Cost, net'],
    ['date=day,tokens=in+uot', 'the file has no column "uot"; did you mean "out"?'],
    ['cost=in', '--map needs date=COLUMN: nothing can be compared without days'],
    ['date=day,model=name', '--map needs tokens=COLUMN or cost=COLUMN, or both'],
    ['date=day,costs=in', '--map knows no "costs"; did you mean cost?'],
    ['date=day,date=day,cost=in', '--map has date more than once'],
    ['date=,cost=in', '--map names no column for date'],
    ['day', '--map knows no "day"'],
  ])('with --map %s is refused as wrong usage', async (map, message) => {
    await expect(invoiceOf(file, map)).rejects.toMatchObject({
      ...{ code: 'usage', message: expect.stringContaining(message) },
    })
  })

  it('with a column twice cannot have it mapped', async () => {
    await expect(invoiceOf('day,in,in\n2026-11-03,1,2\n', 'date=day,tokens=in')).rejects.toThrow(
      'the file has 2 columns named "in"',
    )
  })

  it('without --map shows its columns, and what to try', async () => {
    await expect(invoiceOf('usage_date,model,input_tokens,output_tokens,cost_usd\n')).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringContaining('usage_date, model, input_tokens, output_tokens, cost_usd'),
      tries: [
        'llmproxy usage reconcile FILE --map date=usage_date,model=model,tokens=input_tokens+output_tokens,cost=cost_usd',
      ],
    })
  })

  it('with a header only has nothing to compare', async () => {
    await expect(invoiceOf('day,in\n', 'date=day,tokens=in')).rejects.toMatchObject({
      ...{ code: 'file', message: 'the file has a header and no rows' },
    })
  })
})
