import { SwitchCommand } from '../../cli/capture/switch/switch-command.ts'

export default class CaptureOn extends SwitchCommand {
  static override summary = 'Have a running proxy record everything on disk'
  static override description =
    'Until it is switched again or the configuration says another mode. What passes from now on is in the file.'
  static override examples = ['<%= config.bin %> capture on']
  protected readonly mode = 'all'
}
