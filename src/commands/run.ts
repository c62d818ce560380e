import { Args, Flags } from '@oclif/core'
import { BaseCommand } from '../cli/base-command.ts'

export default class Run extends BaseCommand {
  // What it writes is the client's.
  static override enableJsonFlag = false
  static override summary = 'Start an AI client through the proxy and say what it used'
  static override description =
    'Starts Claude Code, Codex, Gemini CLI, opencode, aider or any command so that its calls go through the proxy: the ' +
    'one that runs, else one carried in this process until the command ends. Nothing is written to its settings, and ' +
    "its login stays its own. What stands behind CLIENT is the client's. On exit it says on stderr: requests, tokens, " +
    "cost, the longest wait and issues. The exit code is the client's."
  static override examples = [
    '<%= config.bin %> run claude',
    '<%= config.bin %> run codex exec "why does the build fail?"',
    '<%= config.bin %> run gemini -p "what is in this folder?"',
    '<%= config.bin %> run python my_agent.py',
    '<%= config.bin %> run --url https://llm.example.org claude --help',
  ]
  static override args = {
    client: Args.string({
      description: 'claude, codex, gemini, opencode, aider or any command',
      required: true,
      ignoreStdin: true,
    }),
    args: Args.string({ description: "the client's own arguments", multiple: true, ignoreStdin: true }),
  }
  static override flags = {
    config: Flags.string({
      char: 'c',
      summary: 'the configuration file: where the proxy is, and what one that is carried runs with',
      helpValue: 'PATH',
    }),
    url: Flags.string({ summary: 'where the proxy is', helpValue: 'URL' }),
    'api-key': Flags.string({ summary: "the proxy's access key", helpValue: 'KEY' }),
  }

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Run)
    const { env } = process
    const cwd = process.cwd()
    const [{ runClient }, { thisMachine }] = await Promise.all([
      import('../cli/run/run-client.ts'),
      import('../cli/connect/machine.ts'),
    ])
    const code = await runClient({
      ...{ command: args.client, args: args.args ?? [], flags, env, cwd, machine: thisMachine(env) },
      ...{ signals: process, isTerminal: process.stdin.isTTY === true },
      say: (line) => this.say(line),
      async configured() {
        const { loadConfig } = await import('../config/load.ts')
        const { config } = await loadConfig({
          ...{ env, cwd, configPath: flags.config, implicit: false, knownHosts: null },
        })
        return config
      },
      async carry() {
        const { carryProxy } = await import('../cli/serve/carry-proxy.ts')
        const { loadConfig } = await import('../config/load.ts')
        const { presetHosts } = await import('../backends/index.ts')
        const { startProxy } = await import('../server/compose.ts')
        const load = () =>
          loadConfig({
            ...{ env, cwd, configPath: flags.config, implicit: false, knownHosts: presetHosts() },
            flags: { host: '127.0.0.1', port: 0, 'logging.level': 'error', 'logging.format': 'pretty' },
          })
        return carryProxy({ load, start: startProxy, process })
      },
    })
    // The exit is forced: what a proxy left open must not keep the terminal.
    process.exit(code)
  }

  protected override async catch(error: Error): Promise<unknown> {
    await super.catch(error)
    process.exit()
  }
}
