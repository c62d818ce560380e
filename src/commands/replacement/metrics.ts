import { Flags } from '@oclif/core'
import { BaseCommand } from '../../cli/base-command.ts'
import { watchMs, withWatchSeconds } from '../../cli/live/watch-flag.ts'
import {
  type ComparableLedger,
  type MetricsSource,
  metricsFromLedger,
  metricsFromProxy,
} from '../../cli/replacement/metrics-source.ts'
import { type Period, periodOf } from '../../cli/replacement/period.ts'
import { printHere, watchHere } from '../../cli/replacement/print-here.ts'
import { filterFlags, sourceFlags } from '../../cli/usage/filter-flags.ts'
import { findSources } from '../../cli/usage/sources.ts'
import { askUsage } from '../../cli/usage/usage-source.ts'

export default class ReplacementMetrics extends BaseCommand {
  static override summary = 'What random model replacement did, and what came of it'
  static override description =
    'Activations, turns, opt-outs and rolls are counted since the proxy started. A turn is one request; an agent makes ' +
    'many for one prompt. The effectiveness is of the ledger, of the period asked: requests that another model answered, ' +
    'against requests of the same rule whose roll was lost. Without a proxy the ledger alone is read.'
  static override examples = [
    '<%= config.bin %> replacement metrics',
    '<%= config.bin %> replacement metrics --since 7d',
    '<%= config.bin %> replacement metrics --watch 5',
    '<%= config.bin %> replacement metrics --file usage.db --json',
  ]
  static override flags = {
    since: filterFlags.since,
    until: filterFlags.until,
    utc: filterFlags.utc,
    'time-zone': filterFlags['time-zone'],
    watch: Flags.string({
      summary: 'go on showing it, every 2 seconds or as often as said',
      helpValue: '[SECONDS]',
    }),
    ...sourceFlags,
  }

  async run(): Promise<unknown> {
    this.argv = withWatchSeconds(this.argv)
    const { flags } = await this.parse(ReplacementMetrics)
    const everyMs = flags.watch === undefined ? null : watchMs(flags.watch)
    const period = periodOf(flags)
    const make = {
      fromProxy: metricsFromProxy,
      fromLedger: async (path: string) => metricsFromLedger(await openLedger(path)),
    }
    const sources = await findSources(flags, process.env, make, (line) => this.say(line))
    return askUsage(sources, (source: MetricsSource) =>
      everyMs === null
        ? this.#show(source, period)
        : watchHere(source, { period, everyMs, json: this.jsonEnabled() }),
    )
  }

  async #show(source: MetricsSource, period: Period): Promise<unknown> {
    const { answer, report } = await source.metrics(period.query)
    if (!this.jsonEnabled()) {
      const printed = await printHere(report, period)
      for (const line of printed.answer) this.log(line)
      for (const line of printed.talk) this.say(line)
    }
    return answer
  }
}

async function openLedger(path: string): Promise<ComparableLedger> {
  const { readLedger } = await import('../../usage/read-ledger.ts')
  const { effectiveness } = await import('../../replacement/effectiveness/index.ts')
  const ledger = readLedger(path)
  return {
    effectiveness: async (query) => effectiveness(await ledger.compared(query, null)),
    close: () => ledger.close(),
  }
}
