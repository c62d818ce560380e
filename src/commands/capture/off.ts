import { SwitchCommand } from '../../cli/capture/switch/switch-command.ts'

export default class CaptureOff extends SwitchCommand {
  static override summary = 'Have a running proxy record nothing'
  static override description =
    'Until it is switched again or the configuration says another mode. Files that are there stay.'
  static override examples = ['<%= config.bin %> capture off']
  protected readonly mode = 'off'
}
