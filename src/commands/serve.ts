import { Flags } from '@oclif/core'
import { BaseCommand } from '../cli/base-command.ts'
import { replacementFlags, replacementValues } from '../cli/replacement/serve-flags.ts'

export default class Serve extends BaseCommand {
  static override enableJsonFlag = false
  static override summary = 'Run the proxy'
  static override description =
    'Listens for AI clients and forwards their calls. Works without a configuration, with the login that each ' +
    'client already has; on stderr it says how to connect one.'
  static override examples = [
    '<%= config.bin %> serve',
    '<%= config.bin %> serve --port 8001 --config llmproxy.yaml',
    '<%= config.bin %> serve --demo',
    '<%= config.bin %> serve --capture',
    '<%= config.bin %> serve --print-config',
    '<%= config.bin %> serve --enable-replacement --replacement-probability 0.3 --random-model-replacement-from-to opus=openai:gpt-5',
  ]
  static override flags = {
    config: Flags.string({ char: 'c', summary: 'the configuration file', helpValue: 'PATH' }),
    host: Flags.string({ summary: 'the address to listen at (default 127.0.0.1)', helpValue: 'ADDRESS' }),
    port: Flags.integer({ summary: 'the port to listen at (default 8000)', min: 0, max: 65535 }),
    demo: Flags.boolean({ summary: 'answer models that nothing else places from the built-in demo backend' }),
    capture: Flags.boolean({
      aliases: ['wire-capture-enabled'],
      summary: 'record all traffic to disk; secrets are overwritten first',
    }),
    'capture-dir': Flags.string({ summary: 'the folder of captures', helpValue: 'DIR' }),
    'print-config': Flags.boolean({
      summary: 'print the effective values and where each came from, then stop',
    }),
    ...replacementFlags,
  }

  async run(): Promise<void> {
    const { flags } = await this.parse(Serve)
    const { loadConfig } = await import('../config/load.ts')
    const { presetHosts } = await import('../backends/index.ts')
    const load = () =>
      loadConfig({
        flags: {
          ...{ host: flags.host, port: flags.port },
          ...{ 'wire_capture.enabled': flags.capture, 'wire_capture.output_dir': flags['capture-dir'] },
          ...replacementValues(flags),
        },
        configPath: flags.config,
        env: process.env,
        cwd: process.cwd(),
        knownHosts: presetHosts(),
      })
    if (flags['print-config']) {
      const { configRows, configText } = await import('../config/show.ts')
      const loaded = await load()
      return this.log(configText(configRows(loaded), loaded.file))
    }
    const { keepHeapSmall } = await import('../cli/serve/small-heap.ts')
    keepHeapSmall()
    const { serve } = await import('../cli/serve/serve.ts')
    const { startProxy } = await import('../server/compose.ts')
    const { demo: demoDefault } = flags
    // The exit is forced: whatever is still open has been drained or given up.
    process.exit(await serve({ load, start: startProxy, demoDefault, version: this.config.version, process }))
  }

  protected override async catch(error: Error): Promise<unknown> {
    await super.catch(error)
    // A start that fails half-way may leave listeners that would keep the process alive.
    process.exit()
  }
}
