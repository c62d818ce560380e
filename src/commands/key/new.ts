import { Args, Flags } from '@oclif/core'
import { accessKeyLines } from '../../cli/access-key-lines.ts'
import { BaseCommand } from '../../cli/base-command.ts'
import { accessKeyHash, newAccessKey } from '../../core/access-key.ts'

export default class KeyNew extends BaseCommand {
  static override summary = 'Make an access key and show the line that lets it in'
  static override description =
    'Prints a new access key once, and what to add to the configuration. Only its hash is needed there; the ' +
    'access key itself is stored nowhere.'
  static override examples = ['<%= config.bin %> key new alice', '<%= config.bin %> key new ops --role admin']
  static override args = {
    name: Args.string({ description: 'whose access key it is', required: true }),
  }
  static override flags = {
    role: Flags.string({
      summary: 'a user may call models and see its own usage; an admin may do everything',
      options: ['user', 'admin'],
      default: 'user',
    }),
  }

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(KeyNew)
    const key = newAccessKey()
    const hash = accessKeyHash(key)
    this.log(key)
    this.say('\nKeep it now: it is not shown again. Add this to the configuration:\n')
    this.log(accessKeyLines({ name: args.name, hash, role: flags.role }))
    this.say(`\nA client sends it as x-llmproxy-key, or where its API key would stand.`)
    return { name: args.name, key, key_sha256: hash, role: flags.role }
  }
}
