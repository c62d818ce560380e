import { join } from 'node:path'
import { Args, Flags } from '@oclif/core'
import { BaseCommand } from '../../cli/base-command.ts'
import { exitCodes } from '../../cli/exit-codes.ts'
import { Failure } from '../../cli/failure.ts'
import { outputWidth, renderTable } from '../../cli/table.ts'
import { priceColumns } from '../../cli/usage/price-columns.ts'

const shownAtMost = 50

export default class UsagePrices extends BaseCommand {
  static override summary = 'The rates that costs are reckoned with'
  static override description =
    'USD per million tokens, with where they are from. --update fetches the catalogue anew, which never happens by ' +
    'itself; a running proxy takes it with its next start.'
  static override examples = [
    '<%= config.bin %> usage prices claude-sonnet',
    '<%= config.bin %> usage prices --update',
  ]
  static override args = { model: Args.string({ description: 'models with this in their name' }) }
  static override flags = {
    update: Flags.boolean({ summary: 'fetch the catalogue' }),
    config: Flags.string({ char: 'c', summary: 'the configuration file', helpValue: 'PATH' }),
  }

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(UsagePrices)
    const { loadConfig } = await import('../../config/load.ts')
    const { createPriceBook, updateCatalogue } = await import('../../prices/index.ts')
    const { config, home } = await loadConfig({
      ...{ env: process.env, cwd: process.cwd(), configPath: flags.config, knownHosts: null },
    })
    const folder = join(home, 'prices')
    const nowMs = Date.now()
    if (flags.update) {
      const updated = await updateCatalogue({ folder, nowMs }).catch((error: Error) => {
        throw new Failure(`the catalogue cannot be fetched: ${error.message}`, exitCodes.notDone, [], error)
      })
      this.say(`${updated.version}: ${updated.modelCount} models${updated.isNew ? '' : ', as before'}`)
      if (args.model === undefined) return updated
    }
    const book = createPriceBook({
      overrides: config.usage_tracking.prices,
      folder,
      onDamaged: (file, reason) => this.say(`${file} is damaged and left out: ${reason}`),
    })
    if (args.model === undefined) {
      this.log(`${book.priceVersion}; name a model to see its rates: llmproxy usage prices claude-sonnet`)
      return { price_version: book.priceVersion }
    }
    const found = book.modelsNamed(args.model).flatMap(({ backend, model }) => {
      const listed = book.ratesOf(backend, backend.split('.', 1)[0] ?? backend, model, nowMs)
      return listed ? [{ ...listed, backend, model }] : []
    })
    if (found.length === 0) {
      throw new Failure(
        `no price is known for a model with "${args.model}" in its name; add one under usage_tracking.prices in the configuration`,
        exitCodes.failed,
      )
    }
    const shown = found.slice(0, shownAtMost)
    this.log(renderTable(shown, priceColumns, outputWidth(process.stdout)))
    if (found.length > shown.length)
      this.say(`${found.length - shown.length} more; write more of the name, or use --json`)
    return { price_version: book.priceVersion, models: found }
  }
}
