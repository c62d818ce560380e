import { Args } from '@oclif/core'
import { BaseCommand } from '../cli/base-command.ts'
import { sourceFlags } from '../cli/usage/filter-flags.ts'
import { showRecord } from '../cli/usage/show-record.ts'
import { usageSources } from '../cli/usage/sources.ts'
import { askUsage } from '../cli/usage/usage-source.ts'

export default class Show extends BaseCommand {
  static override summary = 'Everything that is known of one exchange'
  static override description =
    'The record, its attempts with their reasons, the times, and the arithmetic of its cost. The id as it stands in ' +
    'the log, or any unique beginning of it.'
  static override examples = ['<%= config.bin %> show x_1m8byek899yt']
  static override args = { id: Args.string({ description: "the exchange's id", required: true }) }
  static override flags = { ...sourceFlags }

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(Show)
    const { readLedger } = await import('../usage/read-ledger.ts')
    const sources = await usageSources(flags, process.env, readLedger, (line) => this.say(line))
    const record = await askUsage(sources, (source) => source.record(args.id))
    if (!this.jsonEnabled()) for (const line of showRecord(record as never)) this.log(line)
    return record
  }
}
