import { Flags } from '@oclif/core'
import { BaseCommand } from '../../cli/base-command.ts'

export default class ConfigShow extends BaseCommand {
  static override summary = 'Show the values in force and where each came from'
  static override description =
    'Flags, then variables, then the file, then defaults. Provider keys, access keys, header values and what ' +
    'a reference like $' +
    '{NAME} brought are shown as set or not set.'
  static override examples = ['<%= config.bin %> config show', '<%= config.bin %> config show --json']
  static override flags = {
    config: Flags.string({ char: 'c', summary: 'the configuration file', helpValue: 'PATH' }),
  }

  async run(): Promise<unknown> {
    const { flags } = await this.parse(ConfigShow)
    // Heavy: YAML, the schema and the presets.
    const { loadConfig } = await import('../../config/load.ts')
    const { configRows, configText } = await import('../../config/show.ts')
    const { formatPath } = await import('../../config/paths.ts')
    const { presetHosts } = await import('../../backends/index.ts')
    const loaded = await loadConfig({
      env: process.env,
      cwd: process.cwd(),
      configPath: flags.config,
      knownHosts: presetHosts(),
    })
    for (const notice of loaded.notices) this.say(notice)
    const rows = configRows(loaded)
    this.log(configText(rows, loaded.file))
    return {
      file: loaded.file,
      home: loaded.home,
      values: rows.map(({ path, value, origin }) => ({ path: formatPath(path), value, origin })),
    }
  }
}
