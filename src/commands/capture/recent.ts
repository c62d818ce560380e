import { SwitchCommand } from '../../cli/capture/switch/switch-command.ts'

export default class CaptureRecent extends SwitchCommand {
  static override summary = 'Have a running proxy keep the last exchanges in memory'
  static override description =
    'Nothing is on disk until capture save, or an issue of severity error, writes it there.'
  static override examples = ['<%= config.bin %> capture recent']
  protected readonly mode = 'recent'
}
