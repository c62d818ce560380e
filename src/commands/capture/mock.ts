import { BaseCommand } from '../../cli/base-command.ts'
import { mockArgs, mockFlags } from '../../cli/capture/mock/flags.ts'

export default class CaptureMock extends BaseCommand {
  // What it writes are JSON Lines, as they come; oclif would gather them in memory.
  static override enableJsonFlag = false
  static override summary = 'A mock provider that answers from a capture, in its chunks and at its times'
  static override description =
    'A request is answered with the recording of the same request: exactly the same JSON, else the same but for ids, dates, ' +
    'folders and the like, else the same messages or the same last message (fuzzy; --strict forbids it). Without one it gets ' +
    '503 and is told the nearest and where that differs; token counts get 404, after which clients count for themselves. ' +
    'Attempts are answers to a proxy in front; a client that asks directly gets what the recorded client got. ' +
    'Ctrl-C ends it and prints the sums. Exit code 0; 1 if there was a miss; 2 wrong usage; 3 the port is taken.'
  static override examples = [
    '<%= config.bin %> capture mock',
    '<%= config.bin %> capture mock run.cbor --port 0 --speed max --strict',
    '<%= config.bin %> capture mock captures/ --session-id 5f3a --max-gap 2s',
    '<%= config.bin %> capture mock run.cbor --json | jq "select(.result == \\"miss\\").why"',
  ]
  static override args = mockArgs
  static override flags = mockFlags

  async run(): Promise<void> {
    const { args, flags } = await this.parse(CaptureMock)
    const { runMock } = await import('../../cli/capture/mock/run-mock.ts')
    const { untilEnded } = await import('../../cli/capture/mock/until-ended.ts')
    const [{ captureMock: mock }, { filesOf }, { compileFilter }, { parseNumber }, { parseBound }] =
      await Promise.all([
        import('../../capture/replay/mock/index.ts'),
        import('../../capture/reader/capture-files.ts'),
        import('../../filters/compile.ts'),
        import('../../filters/numbers.ts'),
        import('../../usage/query/dates.ts'),
      ])
    let forget = () => {}
    let end = () => {}
    const ended = new Promise<void>((resolve) => {
      end = resolve
    })
    try {
      process.exitCode = await runMock({
        ...{ file: args.file, flags, mock, filesOf, compileFilter, parseNumber, parseBound, ended },
        ...{ help: `${this.config.bin} capture mock --help`, out: process.stdout, err: process.stderr },
        say: (line) => this.say(line),
        onRead() {
          // Until then a signal ends it as it would any program: a pipe that nobody writes is waited for else.
          const listening = untilEnded({ process, out: process.stdout })
          forget = listening.forget
          void listening.ended.then(end)
        },
      })
    } finally {
      forget()
    }
  }

  /** Faults are told as JSON where JSON is asked for. */
  override jsonEnabled(): boolean {
    return this.argv.includes('--json')
  }
}
