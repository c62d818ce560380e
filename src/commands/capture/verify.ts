import { Args, Flags } from '@oclif/core'
import type { VerifiedFile } from '../../capture/reader/verified-file.ts'
import { BaseCommand } from '../../cli/base-command.ts'
import { captureFailure } from '../../cli/capture/capture-failure.ts'
import { progressBar } from '../../cli/capture/inspect/progress.ts'
import { namedOrNewest } from '../../cli/capture/which-capture.ts'
import { exitCodes } from '../../cli/exit-codes.ts'
import { Failure } from '../../cli/failure.ts'
import { outputWidth } from '../../cli/table.ts'

export default class CaptureVerify extends BaseCommand {
  static override summary = 'Whether captures are whole, and exactly what is not'
  static override description =
    'Reads every byte. Damage is what was written and cannot be read any more; told beside it is what was never written: ' +
    'exchanges that were open when the program ended, and what was lost when it was recorded. Exit code 0: whole, 1: damaged, ' +
    '2: cannot be read.'
  static override examples = [
    '<%= config.bin %> capture verify',
    '<%= config.bin %> capture verify captures/ --json',
  ]
  static override args = {
    file: Args.string({
      multiple: true,
      description: 'files, folders, or - for stdin; default: the newest capture',
    }),
  }
  static override flags = {
    config: Flags.string({ char: 'c', summary: 'the configuration file', helpValue: 'PATH' }),
  }

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(CaptureVerify)
    const { verify } = await import('../../capture/reader/verify.ts')
    const { verifyExitCode } = await import('../../capture/reader/verified-file.ts')
    const { filesOf } = await import('../../capture/reader/capture-files.ts')
    const { fileLines } = await import('../../cli/capture/verify/file-lines.ts')
    const { verifyJson } = await import('../../cli/capture/verify/verify-json.ts')
    const from = { config: flags.config, env: process.env, filesOf }
    const paths = args.file?.length ? args.file : [await namedOrNewest(undefined, from)]
    const progress = progressBar(process.stderr)
    const width = outputWidth(process.stdout)
    const verified: VerifiedFile[] = []
    try {
      for (const path of paths) {
        const files = await verify(path, { onProgress: progress.on })
        progress.clear()
        if (files.length === 0) throw new Failure(`there is no capture (*.cbor) in ${path}`, exitCodes.usage)
        verified.push(...files)
        if (!this.jsonEnabled())
          for (const file of files) for (const line of fileLines(file, width)) this.log(line)
      }
    } catch (error) {
      progress.clear()
      throw captureFailure(error, exitCodes.usage)
    }
    process.exitCode = verifyExitCode(verified)
    return verifyJson(verified)
  }
}
