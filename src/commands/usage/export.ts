import { Flags } from '@oclif/core'
import { BaseCommand } from '../../cli/base-command.ts'
import { filterFlags, filterQuery, sourceFlags } from '../../cli/usage/filter-flags.ts'
import { usageSources } from '../../cli/usage/sources.ts'
import { askUsage } from '../../cli/usage/usage-source.ts'
import { writeExport } from '../../cli/usage/write-export.ts'

export default class UsageExport extends BaseCommand {
  static override enableJsonFlag = false
  static override summary = 'Write usage records as CSV, JSON Lines or JSON'
  static override description =
    'Oldest first, as they are kept. To stdout without --output; the whole ledger without --since and --until.'
  static override examples = [
    '<%= config.bin %> usage export --since 2026-11-01 --until 2026-11-30 --output november.csv',
    '<%= config.bin %> usage export --format jsonl | jq .cost_usd',
  ]
  static override flags = {
    ...filterFlags,
    format: Flags.string({
      summary: 'the format; else as the name of --output ends',
      options: ['csv', 'jsonl', 'json'],
    }),
    output: Flags.string({ char: 'o', summary: 'write to this file', helpValue: 'FILE' }),
    ...sourceFlags,
  }

  async run(): Promise<void> {
    const { flags } = await this.parse(UsageExport)
    const query = filterQuery(flags)
    if (flags.since === undefined) query.set('start_date', '2000-01-01')
    if (flags.until === undefined) query.set('end_date', 'now')
    const format = flags.format ?? /\.(csv|jsonl|json)$/.exec(flags.output ?? '')?.[1] ?? 'csv'
    query.set('format', format)
    const { readLedger } = await import('../../usage/read-ledger.ts')
    const sources = await usageSources(flags, process.env, readLedger, (line) => this.say(line))
    const written = await askUsage(sources, async (source) =>
      writeExport(await source.export(query), flags.output ?? null, process.stderr),
    )
    if (flags.output !== undefined) this.say(`exported ${written} to ${flags.output}`)
  }
}
