import { createReadStream } from 'node:fs'
import { Args, Flags } from '@oclif/core'
import { BaseCommand } from '../../cli/base-command.ts'
import { exitCodes } from '../../cli/exit-codes.ts'
import { Failure } from '../../cli/failure.ts'
import { outputWidth } from '../../cli/table.ts'
import { sourceFlags } from '../../cli/usage/filter-flags.ts'
import { invoiceFailure } from '../../cli/usage/reconcile-failure.ts'
import { printReconciliation } from '../../cli/usage/reconcile-print.ts'
import { usageSources } from '../../cli/usage/sources.ts'
import { askUsage } from '../../cli/usage/usage-source.ts'

export default class UsageReconcile extends BaseCommand {
  static override summary = 'Compare the ledger with an invoice, and say why they differ'
  static override description =
    'Reads the CSV that openrouter.ai/activity exports, or any CSV whose columns --map names, and compares tokens and ' +
    'cost per day and model, with the likely causes of each difference. Exit code 0: all within the tolerance, 1: not.'
  static override examples = [
    '<%= config.bin %> usage reconcile openrouter_activity.csv',
    '<%= config.bin %> usage reconcile invoice.csv --backend openai --map date=day,model=model,tokens=input+output,cost=usd',
    '<%= config.bin %> usage reconcile invoice.csv --map date=day,cost=usd --time-zone America/Los_Angeles',
  ]
  static override args = {
    file: Args.string({ description: 'the invoice or export, CSV', required: true }),
  }
  static override flags = {
    map: Flags.string({
      summary: "the invoice's columns; tokens and cost may be sums (A+B), model, tokens or cost left out",
      helpValue: 'date=COLUMN,model=COLUMN,tokens=COLUMN,cost=COLUMN',
    }),
    'time-zone': Flags.string({
      summary: 'in which the days of the invoice begin',
      helpValue: 'ZONE',
      default: 'UTC',
    }),
    backend: Flags.string({
      ...{ multiple: true, multipleNonGreedy: true, helpValue: 'NAME' },
      summary: "a backend's name or type; default: openrouter for its own file, else all",
    }),
    since: Flags.string({ summary: "the first day; default: the invoice's first", helpValue: 'DATE' }),
    until: Flags.string({ summary: "the last day; default: the invoice's last", helpValue: 'DATE' }),
    tolerance: Flags.string({
      summary: 'how far both sides may differ, in percent of the larger',
      helpValue: 'PERCENT',
      default: '0.5',
    }),
    ...sourceFlags,
  }

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(UsageReconcile)
    const tolerancePercent = percentOf(flags.tolerance)
    const { prepareReconciliation } = await import('../../usage/reconcile/index.ts')
    const { readLedger } = await import('../../usage/read-ledger.ts')
    const sources = await usageSources(flags, process.env, readLedger, (line) => this.say(line))
    try {
      const prepared = await prepareReconciliation({
        ...{ bytes: bytesOf(args.file), map: flags.map ?? null, timeZone: flags['time-zone'] },
        ...{ since: flags.since ?? null, until: flags.until ?? null, backends: flags.backend ?? [] },
        ...{ tolerancePercent, nowMs: Date.now() },
      })
      const report = await askUsage(sources, async (source) =>
        prepared.compare(await source.export(prepared.query)),
      )
      if (!report.within_tolerance) process.exitCode = exitCodes.failed
      if (!this.jsonEnabled()) {
        const { default: chalk } = await import('chalk')
        const printed = printReconciliation(report, { width: outputWidth(process.stdout), chalk })
        for (const line of printed.answer) this.log(line)
        for (const line of printed.talk) this.say(line)
      }
      return report
    } catch (thrown) {
      throw invoiceFailure(thrown, args.file)
    }
  }
}

/** Opened when it is read: an error before that would have nobody to hear it. */
async function* bytesOf(path: string): AsyncGenerator<Buffer> {
  yield* createReadStream(path)
}

function percentOf(text: string): number {
  const percent = /^\d+(\.\d+)?%?$/.test(text) ? Number.parseFloat(text) : Number.NaN
  if (percent <= 100) return percent
  throw new Failure(`--tolerance is a percentage from 0 to 100, not ${JSON.stringify(text)}`, exitCodes.usage)
}
