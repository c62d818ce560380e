import { BaseCommand } from '../../cli/base-command.ts'
import { inspectArgs, inspectFlags } from '../../cli/capture/inspect/flags.ts'
import { knowModelsBy } from '../../cli/capture/selection/know-models.ts'
import { printableJson } from '../../core/printable.ts'

export default class CaptureInspect extends BaseCommand {
  // What it writes are JSON Lines, as they come; oclif would gather them in memory.
  static override enableJsonFlag = false
  static override summary = 'What a capture has, and what went wrong in it'
  static override description =
    'Without flags: a summary, the last 20 exchanges and the issues in short. All flags can be combined, and all obey ' +
    'the same filters; what they show comes in the order of the list. Reads the files of the original too. ' +
    '--filter knows ~u ~m ~b ~bq ~bs ~h ~hq ~hs ~t ~d PATTERN, ~c CODE, ~e (failed), ~q (unanswered), ~s (answered), ~x ~session ID, ' +
    '~leg ~model ~backend ~tool ~issue, NAME>VALUE with ttft>2s dur gap status bytes>1mb in_tokens>100k out_tokens chunks cost and more, ' +
    'joined by & | ! ( ). A bare word is looked for in every column.'
  static override examples = [
    '<%= config.bin %> capture inspect --detect-issues',
    '<%= config.bin %> capture inspect captures/ --last 50 --backend anthropic --since 10m',
    `<%= config.bin %> capture inspect --filter '~model sonnet & (ttft>2s | status>=500)' --analyze`,
    '<%= config.bin %> capture inspect FILE --exchange x_1m8byek',
    '<%= config.bin %> capture inspect FILE --timeline --direction btp --json | jq .gap_ms',
  ]
  static override args = inspectArgs
  static override flags = inspectFlags

  async run(): Promise<void> {
    const { args, flags } = await this.parse(CaptureInspect)
    const { captureInspect } = await import('../../cli/capture/inspect/capture-inspect.ts')
    const [{ captureReading: capture }, { filesOf, isFolder }, { compileFilter }, { parseBound }] =
      await Promise.all([
        import('../../capture/inspect/index.ts'),
        import('../../capture/reader/capture-files.ts'),
        import('../../filters/compile.ts'),
        import('../../usage/query/dates.ts'),
      ])
    const code = await captureInspect({
      ...{ files: args.file ?? [], flags, capture, filesOf, isFolder, compileFilter, parseBound },
      knowModels: knowModelsBy({
        prices: () => import('../../prices/price-book.ts'),
        tokens: () => import('../../tokens/count-here.ts'),
      }),
      help: `${this.config.bin} capture inspect --help`,
      say: (line) => this.say(line),
    })
    if (code !== 0) process.exitCode = code
  }

  /** Faults are told as JSON where JSON is asked for. */
  override jsonEnabled(): boolean {
    return this.argv.includes('--json') || this.argv.includes('-j')
  }

  // oclif prints what run() gives, under --json: it gives nothing.
  override logJson(json: unknown): void {
    if (json !== undefined) process.stdout.write(`${printableJson(json)}\n`)
  }
}
