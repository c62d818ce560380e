import { begin, day, type Generation, generationsOf, hour, type World } from './world.ts'

const openRouterHeader =
  'generation_id,created_at,cost_total,cost_web_search,cost_cache,cost_file_processing,byok_usage_inference,' +
  'tokens_prompt,tokens_completion,tokens_reasoning,tokens_cached,model_permaslug,provider_name,variant,cancelled,' +
  'streamed,user,finish_reason_raw,finish_reason_normalized,generation_time_ms,time_to_first_token_ms,' +
  'api_key_disabled,api_key_name,app_name'

/** The file that openrouter.ai/activity gives: a line a generation, newest first. */
export function openRouterCsv(world: World): string {
  const inside = generationsOf(world).filter(({ atMs }) => atMs >= begin && atMs < begin + world.days * day)
  const lines = inside
    .sort((a, b) => b.atMs - a.atMs)
    .map(({ atMs, model, prompt, completion, nanoUsd }, index) => {
      const created = new Date(atMs).toISOString().replace('T', ' ').replace('Z', '')
      const name = index % 3 === 0 ? '"my app, ""beta"""' : 'my app'
      return (
        `gen-${Math.floor(atMs / 1000)}-${index},${created},${usd(nanoUsd)},0,-0.001,0,0,` +
        `${prompt},${completion},${Math.floor(completion / 2)},12,${model},Some Provider,standard,false,` +
        `true,,stop,stop,1200,300,false,main,${name}`
      )
    })
  return `${openRouterHeader}\n${lines.join('\n')}\n`
}

export interface DailyStyle {
  /** Hours before UTC at which the invoice's days begin. */
  offset: number
  style: 'plain' | 'german' | 'american'
}

export const dailyMap: Readonly<Record<DailyStyle['style'], string>> = {
  plain: 'date=date,model=model,tokens=input+output,cost=cost',
  german: 'date=Datum,model=Modell,tokens=Tokens,cost=Kosten (EUR)',
  american: 'date=Usage Date,model=Model,tokens=Tokens,cost=Amount',
}

/** An invoice of a day and model a line, in the writing of several countries. */
export function dailyCsv(world: World, { offset, style }: DailyStyle): string {
  const rows = new Map<
    string,
    { date: Date; model: string; prompt: number; completion: number; nanoUsd: number }
  >()
  for (const { atMs, model, prompt, completion, nanoUsd } of generationsOf(world)) {
    const index = Math.floor((atMs + offset * hour - begin) / day)
    if (index < 0 || index >= world.days) continue
    const key = `${index} ${model}`
    const row = rows.get(key) ?? {
      date: new Date(begin + index * day),
      model,
      prompt: 0,
      completion: 0,
      nanoUsd: 0,
    }
    rows.set(key, {
      ...row,
      prompt: row.prompt + prompt,
      completion: row.completion + completion,
      nanoUsd: row.nanoUsd + nanoUsd,
    })
  }
  const { head, line } = styles[style]
  return [head, ...[...rows.values()].map(line)].join(style === 'german' ? '\r\n' : '\n')
}

type Row = { date: Date; model: string } & Pick<Generation, 'prompt' | 'completion' | 'nanoUsd'>

const styles: Readonly<Record<DailyStyle['style'], { head: string; line: (row: Row) => string }>> = {
  plain: {
    head: 'date,model,input,output,cost,comment',
    line: ({ date, model, prompt, completion, nanoUsd }) =>
      `${date.toISOString().slice(0, 10)},${model},${prompt},${completion},${usd(nanoUsd)},"two\nlines"`,
  },
  german: {
    head: '\ufeffDatum;Modell;Tokens;Kosten (EUR)',
    line: ({ date, model, prompt, completion, nanoUsd }) => {
      const [year, month, dayOfMonth] = date.toISOString().slice(0, 10).split('-')
      const tokens = (prompt + completion).toLocaleString('de-DE')
      const [whole, fraction] = usd(nanoUsd).split('.')
      return `${dayOfMonth}.${month}.${year};${model};${tokens};${Number(whole).toLocaleString('de-DE')},${fraction} €`
    },
  },
  american: {
    head: 'Model\tUsage Date\tTokens\tAmount',
    line: ({ date, model, prompt, completion, nanoUsd }) => {
      const [year, month, dayOfMonth] = date.toISOString().slice(0, 10).split('-')
      const [whole, fraction] = usd(nanoUsd).split('.')
      const tokens = (prompt + completion).toLocaleString('en-US')
      return `${model}\t${month}/${dayOfMonth}/${year}\t${tokens}\t"$${Number(whole).toLocaleString('en-US')}.${fraction}"`
    },
  },
}

function usd(nanoUsd: number): string {
  return (nanoUsd / 1e9).toFixed(9)
}
