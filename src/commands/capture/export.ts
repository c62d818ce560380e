import { Args, Flags } from '@oclif/core'
import { BaseCommand } from '../../cli/base-command.ts'
import { captureFailure } from '../../cli/capture/capture-failure.ts'
import { formatNames, formatOf } from '../../cli/capture/export/format-of.ts'
import { refuseOverwriting } from '../../cli/capture/export/safe-output.ts'
import { sideOf } from '../../cli/capture/export/side-of.ts'
import { writePieces } from '../../cli/capture/export/write-pieces.ts'
import { GapNotes } from '../../cli/capture/gap-notes.ts'
import { selectionFlags } from '../../cli/capture/selection/flags.ts'
import { knowModelsBy } from '../../cli/capture/selection/know-models.ts'
import { meantOf } from '../../cli/capture/selection/meant-of.ts'
import { namedOrNewest } from '../../cli/capture/which-capture.ts'
import { exitCodes } from '../../cli/exit-codes.ts'
import { countText } from '../../cli/numbers.ts'
import { sourceFlags } from '../../cli/usage/filter-flags.ts'

export default class CaptureExport extends BaseCommand {
  static override enableJsonFlag = false
  static override summary = 'Write a capture as HAR, JSON Lines, curl commands or Markdown'
  static override description =
    'har: for browsers’ developer tools, mitmproxy and the like, with every chunk’s time in _llmproxy. jsonl: all that is ' +
    'known, an exchange a line. curl: a command for each request that sends it again, with variables where credentials ' +
    'were. markdown: the conversation. What was secret was overwritten when it was recorded. Filters are those of capture inspect.'
  static override examples = [
    '<%= config.bin %> capture export --format markdown | less',
    '<%= config.bin %> capture export captures/ --output all.har',
    `<%= config.bin %> capture export --since 1h --filter '~backend openai & status>=500' --output failed.har`,
    '<%= config.bin %> capture export run.cbor --format curl --exchange x_1m8byek899yt --leg backend',
    '<%= config.bin %> capture export run.cbor --format jsonl | jq .interpretation.outcome',
  ]
  static override args = {
    file: Args.string({ description: 'a file, a folder, or - for stdin; default: the newest capture' }),
  }
  static override flags = {
    format: Flags.string({
      summary: 'the format; else as the name of --output ends',
      options: [...formatNames],
    }),
    exchange: Flags.string({ summary: 'only this one, by its id or a beginning of it', helpValue: 'ID' }),
    leg: Flags.string({
      summary: 'what the client sent and got, or each backend; default: client, of jsonl all',
      options: ['client', 'backend'],
    }),
    ...selectionFlags,
    output: Flags.string({ char: 'o', summary: 'write to this file', helpValue: 'FILE' }),
    config: sourceFlags.config,
  }

  async run(): Promise<void> {
    const { args, flags } = await this.parse(CaptureExport)
    const { output, exchange: only } = flags
    const format = formatOf(flags.format, output)
    const filters = await meantOf({
      flags,
      parseBound: async () => (await import('../../usage/query/dates.ts')).parseBound,
      knowModels: knowModelsBy({
        prices: () => import('../../prices/price-book.ts'),
        tokens: () => import('../../tokens/count-here.ts'),
      }),
      help: `${this.config.bin} capture export --help`,
      say: (line) => this.say(line),
    })
    const legs = filters?.selection.legs ?? null
    const { filesOf } = await import('../../capture/reader/capture-files.ts')
    const { exportCaptures } = await import('../../capture/export/export-captures.ts')
    const file = await namedOrNewest(args.file, { config: flags.config, env: process.env, filesOf })
    if (output !== undefined) await refuseOverwriting(output, file)
    const gaps = new GapNotes()
    let exchanges = 0
    const pieces = exportCaptures(file, {
      ...{ format, only, version: this.config.version, onGap: gaps.note, meant: filters?.meant },
      ...{ side: sideOf(flags.leg, legs), legs },
      onExchange: (_, hasText) => {
        if (hasText) exchanges++
      },
      onTooLong: ({ id }) => this.say(`${id} is too long for one text, and left out`),
    })
    try {
      const written = await writePieces(pieces, output ?? null, process.stderr)
      if (output !== undefined)
        this.say(`exported ${countText(exchanges)} exchanges (${written}) to ${output}`)
      else if (exchanges === 0)
        this.say(`no ${filters ? 'exchange is meant by the filters' : 'exchanges'} in ${file}`)
    } catch (error) {
      throw captureFailure(error, exitCodes.usage)
    }
    for (const line of gaps.lines(file)) this.say(line)
  }
}
