import { Flags } from '@oclif/core'
import { BaseCommand } from '../../cli/base-command.ts'
import { saveCapture } from '../../cli/capture/switch/switch-capture.ts'
import { findProxy } from '../../cli/find-proxy.ts'
import { sourceFlags } from '../../cli/usage/filter-flags.ts'

export default class CaptureSave extends BaseCommand {
  static override summary = 'Write what a running proxy keeps in memory to disk'
  static override description =
    'Of mode recent. An exchange that has not ended is saved too, and goes on to be saved: a hang can be looked at while it hangs.'
  static override examples = [
    '<%= config.bin %> capture save',
    '<%= config.bin %> capture save --exchange x_1m8byek899yt',
  ]
  static override flags = {
    exchange: Flags.string({ summary: 'only this one and the last of its session', helpValue: 'ID' }),
    url: sourceFlags.url,
    'api-key': sourceFlags['api-key'],
    config: sourceFlags.config,
  }

  async run(): Promise<unknown> {
    const { flags } = await this.parse(CaptureSave)
    const { answer, line } = await saveCapture(await findProxy(flags, process.env), flags.exchange ?? null)
    if (!this.jsonEnabled()) this.log(line)
    return answer
  }
}
