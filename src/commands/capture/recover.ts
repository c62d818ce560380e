import { Args } from '@oclif/core'
import { BaseCommand } from '../../cli/base-command.ts'
import { captureFailure } from '../../cli/capture/capture-failure.ts'
import { jsonRow } from '../../cli/capture/inspect/json-rows.ts'
import { progressBar } from '../../cli/capture/inspect/progress.ts'
import { refuseNoFile } from '../../cli/capture/verify/no-file.ts'
import { recoveredLines } from '../../cli/capture/verify/recovered-lines.ts'
import { exitCodes } from '../../cli/exit-codes.ts'

export default class CaptureRecover extends BaseCommand {
  static override summary = 'Copy what is whole of a damaged capture'
  static override description =
    'Byte for byte, into a new file; nothing is overwritten, and the damaged file stays as it is. All commands read damaged ' +
    'captures too: a copy is for programs that do not.'
  static override examples = ['<%= config.bin %> capture recover damaged.cbor whole.cbor']
  static override args = {
    in: Args.string({ description: 'the damaged file', required: true }),
    out: Args.string({ description: 'the new one', required: true }),
  }

  async run(): Promise<unknown> {
    const { args } = await this.parse(CaptureRecover)
    const { recover } = await import('../../capture/reader/recover.ts')
    await refuseNoFile(args.in, args.out)
    const progress = progressBar(process.stderr)
    try {
      const recovered = await recover(args.in, args.out, { onProgress: progress.on })
      progress.clear()
      if (!this.jsonEnabled()) for (const line of recoveredLines(recovered, args.out)) this.log(line)
      return jsonRow({ file: args.out, ...recovered })
    } catch (error) {
      progress.clear()
      throw captureFailure(error, exitCodes.usage)
    }
  }
}
