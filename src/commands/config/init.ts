import { resolve } from 'node:path'
import { Args } from '@oclif/core'
import { BaseCommand } from '../../cli/base-command.ts'

export default class ConfigInit extends BaseCommand {
  static override summary = 'Write a commented start of a configuration'
  static override description =
    'Without FILE it goes to $LLMPROXY_HOME/config.yaml, which `serve` finds from every folder. ' +
    'A file that is there is never overwritten.'
  static override examples = ['<%= config.bin %> config init', '<%= config.bin %> config init llmproxy.yaml']
  static override args = {
    file: Args.string({ description: 'where to write it' }),
  }

  async run(): Promise<unknown> {
    const { args } = await this.parse(ConfigInit)
    // Heavy: YAML comes with the search for files.
    const { homeFolder } = await import('../../config/find-file.ts')
    const { writeStartFile } = await import('../../config/start-file.ts')
    const cwd = process.cwd()
    const file =
      args.file === undefined ? resolve(homeFolder(process.env, cwd), 'config.yaml') : resolve(cwd, args.file)
    await writeStartFile(file, args.file ?? file)
    this.log(file)
    this.say(`edit it, then: ${this.config.bin} config check ${args.file ?? file}`)
    return { file }
  }
}
