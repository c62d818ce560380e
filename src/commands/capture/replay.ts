import { BaseCommand } from '../../cli/base-command.ts'
import { replayArgs, replayFlags } from '../../cli/capture/replay/flags.ts'
import { exitCodes } from '../../cli/exit-codes.ts'

const stopSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

export default class CaptureReplay extends BaseCommand {
  // What it writes are JSON Lines, as they come; oclif would gather them in memory.
  static override enableJsonFlag = false
  static override summary = 'Send recorded requests again and compare the answers'
  static override description =
    'To a running proxy, in recorded order; with --self through a proxy in this process whose providers answer from the ' +
    'file; with --live to a real provider, after a plan that says what it may cost. Recorded credentials are never sent, ' +
    'redirects never followed, tools never run, and nothing leaves this machine without --live and --yes-spend. Ctrl-C ' +
    'prints what there is. Exit code 0: the same, 1: not, 2: wrong usage, or nothing to replay, 3: not done.'
  static override examples = [
    '<%= config.bin %> capture replay --self',
    '<%= config.bin %> capture replay run.cbor --against http://127.0.0.1:8000 --speed 1',
    '<%= config.bin %> capture replay --last 5 --save again.cbor',
    '<%= config.bin %> capture replay run.cbor --filter "~model sonnet" --live --backend openai --model gpt-5-mini',
    '<%= config.bin %> capture replay run.cbor --json | jq "select(.verdict == \\"different\\").differences[0]"',
  ]
  static override args = replayArgs
  static override flags = replayFlags

  async run(): Promise<void> {
    const { args, flags } = await this.parse(CaptureReplay)
    const [{ runReplay }, { captureReplay: replay }, { filesOf }, { compileFilter }, { parseBound }] =
      await Promise.all([
        import('../../cli/capture/replay/run-replay.ts'),
        import('../../capture/replay/index.ts'),
        import('../../capture/reader/capture-files.ts'),
        import('../../filters/compile.ts'),
        import('../../usage/query/dates.ts'),
      ])
    const [{ systemClock }, { exchangeIds }] = await Promise.all([
      import('../../core/clock.ts'),
      import('../../core/rising-ids.ts'),
    ])
    let loading: ReturnType<typeof configuration> | undefined
    const configured = () => {
      loading ??= configuration(flags.config)
      return loading
    }
    const stop = new AbortController()
    const onSignal = () => stop.abort()
    let isSeenEnough = false
    // `| head`
    const onError = (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error
      isSeenEnough = true
      stop.abort()
    }
    process.stdout.on('error', onError)
    // Waiting for a recorded time, nothing else would keep the process alive.
    const alive = setInterval(() => {}, 60_000)
    try {
      const code = await runReplay({
        ...{ file: args.file, flags, replay, filesOf, compileFilter, parseBound },
        ...{ clock: systemClock, nextId: exchangeIds(Date.now), version: this.config.version },
        async startProxy() {
          const { replayProxyStarter } = await import('../../server/replay-proxy.ts')
          const { loaded } = await configured()
          return replayProxyStarter({ loaded, env: process.env, stderr: process.stderr })
        },
        onSending() {
          // Until then there is nothing to print, and the first one ends it at once, as a second one does from now on.
          for (const signal of stopSignals) process.once(signal, onSignal)
        },
        live: async () => (await configured()).live,
        secrets: async () => [
          ...(await configured()).live.secrets,
          flags['api-key'] ?? process.env.LLMPROXY_API_KEY ?? '',
        ],
        ...{ help: `${this.config.bin} capture replay --help`, env: process.env, signal: stop.signal },
        ...{ out: process.stdout, err: process.stderr, say: (line: string) => this.say(line) },
      })
      process.exitCode = isSeenEnough && code === exitCodes.interrupted ? exitCodes.ok : code
    } finally {
      clearInterval(alive)
      for (const signal of stopSignals) process.off(signal, onSignal)
      process.stdout.off('error', onError)
    }
  }

  /** Faults are told as JSON where JSON is asked for. */
  override jsonEnabled(): boolean {
    return this.argv.includes('--json') || this.argv.includes('-j')
  }
}

async function configuration(configPath: string | undefined) {
  const [{ loadConfig }, { presetHosts }, { liveReplay }] = await Promise.all([
    import('../../config/load.ts'),
    import('../../backends/index.ts'),
    import('../../server/compose/live-replay.ts'),
  ])
  const { env } = process
  const loaded = await loadConfig({ env, cwd: process.cwd(), configPath, knownHosts: presetHosts() })
  return { loaded, live: liveReplay(loaded, env) }
}
