import { Args, Flags } from '@oclif/core'
import { BaseCommand } from '../cli/base-command.ts'
import { captureFailure } from '../cli/capture/capture-failure.ts'
import { shellArgument } from '../cli/capture/inspect/shown.ts'
import { exitCodes } from '../cli/exit-codes.ts'
import { asFailure, Failure } from '../cli/failure.ts'
import { sourceFlags } from '../cli/usage/filter-flags.ts'
import { type ShownRecord, showRecord } from '../cli/usage/show-record.ts'
import { usageSources } from '../cli/usage/sources.ts'
import { askUsage } from '../cli/usage/usage-source.ts'

/** A capture from elsewhere has exchanges of which no record is here. */
function withCapture(error: unknown, id: string, capture: string): unknown {
  const known = asFailure(error)
  if (known === undefined) return error
  const tries = [
    `llmproxy capture inspect${shellArgument(capture)} --exchange${shellArgument(id)}`,
    ...known.tries,
  ]
  return new Failure(known.message, known.exitCode, tries, known.cause ?? known)
}

export default class Show extends BaseCommand {
  static override summary = 'Everything that is known of one exchange'
  static override description =
    'The record, its attempts with their reasons, the times, and the arithmetic of its cost; where it was captured, when it ' +
    'passed the proxy and what the proxy changed of it. The id as it stands in the log, or any unique beginning of it.'
  static override examples = [
    '<%= config.bin %> show x_1m8byek899yt',
    '<%= config.bin %> show x_1m8byek899yt --capture run.cbor',
  ]
  static override args = { id: Args.string({ description: "the exchange's id", required: true }) }
  static override flags = {
    capture: Flags.string({
      summary: 'look for it in this capture or folder; default: the configured one',
      helpValue: 'FILE',
    }),
    ...sourceFlags,
  }

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(Show)
    const { readLedger } = await import('../usage/read-ledger.ts')
    const sources = await usageSources(flags, process.env, readLedger, (line) => this.say(line))
    const record = (await askUsage(sources, (source) => source.record(args.id)).catch((error: unknown) => {
      throw flags.capture === undefined ? error : withCapture(error, args.id, flags.capture)
    })) as ShownRecord
    if (!this.jsonEnabled()) for (const line of showRecord(record)) this.log(line)
    const capture = await this.#capture(record, flags)
    return capture === null ? record : { ...record, capture }
  }

  /** Prints what a capture adds; gives it as JSON, null where no capture has it. */
  async #capture(
    { id, timestamp }: ShownRecord,
    flags: { capture?: string | undefined; config?: string | undefined },
  ): Promise<object | null> {
    const { lookInCaptures } = await import('../cli/capture/show/look-in-captures.ts')
    const { readCaptured } = await import('../capture/show/captured.ts')
    const asked = { id, openedMs: Date.parse(timestamp), ...flags }
    const looked = await lookInCaptures(asked, process.env, readCaptured).catch((error: unknown) => {
      throw captureFailure(error, exitCodes.usage)
    })
    if (!this.jsonEnabled()) for (const line of looked.lines) this.log(line)
    for (const line of looked.talk) this.say(line)
    return looked.json
  }
}
