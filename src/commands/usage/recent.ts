import { Flags } from '@oclif/core'
import { BaseCommand } from '../../cli/base-command.ts'
import { outputWidth } from '../../cli/table.ts'
import { filterFlags, filterQuery, sourceFlags } from '../../cli/usage/filter-flags.ts'
import { followRecords } from '../../cli/usage/follow.ts'
import { printRecords, type RecordRow } from '../../cli/usage/print-records.ts'
import { usageSources } from '../../cli/usage/sources.ts'
import { askUsage } from '../../cli/usage/usage-source.ts'

export default class UsageRecent extends BaseCommand {
  static override summary = 'The last exchanges, newest first'
  static override description =
    'One line each; --json gives the whole records. With --follow it goes on as exchanges close, oldest first.'
  static override examples = [
    '<%= config.bin %> usage recent --limit 50',
    '<%= config.bin %> usage recent --follow --model "claude-*"',
  ]
  static override flags = {
    ...filterFlags,
    limit: Flags.integer({ summary: 'how many', default: 20, min: 1, max: 1000 }),
    follow: Flags.boolean({ char: 'f', summary: 'go on with those that close from now on' }),
    ...sourceFlags,
  }

  async run(): Promise<unknown> {
    const { flags } = await this.parse(UsageRecent)
    const query = filterQuery(flags)
    query.set('limit', String(flags.limit))
    const { readLedger } = await import('../../usage/read-ledger.ts')
    const sources = await usageSources(flags, process.env, readLedger, (line) => this.say(line))
    const print = (records: readonly RecordRow[]) => {
      const { text, hidden } = printRecords(records, outputWidth(process.stdout))
      this.log(text)
      return hidden
    }
    return askUsage(sources, async (source) => {
      const answer = (await source.recent(query)) as { records: RecordRow[] }
      if (flags.follow) {
        await followRecords(source, query, answer.records, (records) => {
          if (this.jsonEnabled())
            for (const record of records) process.stdout.write(`${JSON.stringify(record)}\n`)
          else print(records)
        })
      }
      if (answer.records.length === 0) this.say('no exchanges')
      else if (!this.jsonEnabled()) {
        const hidden = print(answer.records)
        if (hidden.length > 0) this.say(`hidden: ${hidden.join(', ')} (widen the terminal, or use --json)`)
      }
      return answer
    })
  }
}
