import { Flags } from '@oclif/core'
import { BaseCommand } from '../../cli/base-command.ts'
import { outputWidth } from '../../cli/table.ts'
import { filterFlags, sourceFlags } from '../../cli/usage/filter-flags.ts'
import { printStats } from '../../cli/usage/print-stats.ts'
import { usageSources } from '../../cli/usage/sources.ts'
import { statsQuery } from '../../cli/usage/stats-query.ts'
import type { StatsAnswer } from '../../cli/usage/stats-shape.ts'
import { askUsage } from '../../cli/usage/usage-source.ts'

export default class UsageStats extends BaseCommand {
  static override summary = 'Requests, tokens, times and cost over a period'
  static override description =
    'Without flags the last seven days, a day a line, today first. Asks the proxy that runs; without one it reads ' +
    'its ledger. Tokens are the provider’s figures; ~ marks what we had to count ourselves.'
  static override examples = [
    '<%= config.bin %> usage stats',
    '<%= config.bin %> usage stats --since 30d --group-by model',
    '<%= config.bin %> usage stats --backend openai --group-by day --chart cost',
    '<%= config.bin %> usage stats --json',
  ]
  static override flags = {
    ...filterFlags,
    'group-by': Flags.string({
      multiple: true,
      multipleNonGreedy: true,
      delimiter: ',',
      summary: 'day, week, month, hour, model, backend, app, user, session, status, tool, tag:NAME …',
      helpValue: 'KEY',
    }),
    leg: Flags.string({
      summary: 'our own count at CTP, PTB, BTP or PTC',
      options: ['CTP', 'PTB', 'BTP', 'PTC'],
    }),
    limit: Flags.integer({ summary: 'at most so many groups', min: 1, max: 10_000 }),
    chart: Flags.string({
      summary: 'bars of cost or tokens instead of the table',
      options: ['cost', 'tokens'],
    }),
    ...sourceFlags,
  }

  async run(): Promise<unknown> {
    const { flags } = await this.parse(UsageStats)
    const { query, groupBy } = statsQuery(flags)
    const { readLedger } = await import('../../usage/read-ledger.ts')
    const sources = await usageSources(flags, process.env, readLedger, (line) => this.say(line))
    const answer = (await askUsage(sources, (source) => source.stats(query))) as StatsAnswer
    if (!this.jsonEnabled()) {
      const printed = printStats(answer, groupBy, {
        width: outputWidth(process.stdout),
        chart: flags.chart === 'cost' || flags.chart === 'tokens' ? flags.chart : null,
        nowMs: Date.now(),
      })
      for (const line of printed.answer) this.log(line)
      for (const line of printed.talk) this.say(line)
    }
    return answer
  }
}
