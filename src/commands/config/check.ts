import { Args } from '@oclif/core'
import { BaseCommand } from '../../cli/base-command.ts'

export default class ConfigCheck extends BaseCommand {
  static override summary = 'Say what is wrong with the configuration'
  static override description =
    'Prints every fault that would stop `serve`, each with its file, line and column, and exits with 2; ' +
    'with none, one line and 0. Without FILE it reads the file that `serve` would find here, variables included.'
  static override examples = ['<%= config.bin %> config check', '<%= config.bin %> config check config.yaml']
  static override args = {
    file: Args.string({ description: 'the configuration file' }),
  }

  async run(): Promise<unknown> {
    const { args } = await this.parse(ConfigCheck)
    // Heavy: YAML, the schema and the presets.
    const { loadConfig } = await import('../../config/load.ts')
    const { ConfigFaults } = await import('../../config/faults.ts')
    const { presetHosts } = await import('../../backends/index.ts')
    const { checkStart } = await import('../../cli/config/check-start.ts')
    try {
      const loaded = await loadConfig({
        env: process.env,
        cwd: process.cwd(),
        configPath: args.file,
        knownHosts: presetHosts(),
      })
      checkStart(loaded, process.env)
      for (const notice of loaded.notices) this.say(notice)
      this.log(`${loaded.file ?? 'no configuration file: defaults and variables'}: no faults`)
      return { file: loaded.file, faults: [] }
    } catch (error) {
      if (!(error instanceof ConfigFaults) || !this.jsonEnabled()) throw error
      process.exitCode = 2
      return { file: error.faults[0]?.file ?? null, faults: error.faults }
    }
  }
}
