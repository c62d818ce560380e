import { BaseCommand } from '../../base-command.ts'
import { findProxy } from '../../find-proxy.ts'
import { sourceFlags } from '../../usage/filter-flags.ts'
import type { CaptureMode } from './switch-capture.ts'

/** What `capture on`, `off` and `recent` share: they differ in the mode only. */
export abstract class SwitchCommand extends BaseCommand {
  static override flags = {
    url: sourceFlags.url,
    'api-key': sourceFlags['api-key'],
    config: sourceFlags.config,
  }
  protected abstract readonly mode: CaptureMode

  async run(): Promise<unknown> {
    const { flags } = await this.parse(SwitchCommand)
    const { switchCapture } = await import('./switch-capture.ts')
    const { answer, lines } = await switchCapture(await findProxy(flags, process.env), this.mode)
    if (!this.jsonEnabled()) for (const line of lines) this.log(line)
    return answer
  }
}
