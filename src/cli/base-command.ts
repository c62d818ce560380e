import { Command } from '@oclif/core'
import { printableJson, printableLines } from '../core/printable.ts'
import { exitCodes } from './exit-codes.ts'
import { asFailure, Failure, failureText, ofFile } from './failure.ts'
import { usageFailure } from './usage-failure.ts'

interface OclifError extends Error {
  oclif?: { exit?: number }
}

/** What every command shares: errors as text or JSON, and exit codes that survive `--json`. */
export abstract class BaseCommand extends Command {
  static override enableJsonFlag = true

  /** Talk, as opposed to the answer: on stderr, and not under `--json`, whose data says it all. */
  protected say(line: string): void {
    if (!this.jsonEnabled()) process.stderr.write(`${printableLines(line)}\n`)
  }

  // oclif would take the value for an argument of its own, such as a file.
  protected override init(): Promise<unknown> {
    guardOutput()
    const end = this.argv.indexOf('--')
    const valued = this.argv.slice(0, end < 0 ? undefined : end).find((word) => /^--json=/.test(word))
    if (valued === undefined) return super.init()
    const help = `${this.config.bin} ${this.ctor.id.replaceAll(':', ' ')} --help`
    throw new Failure(`--json takes no value: ${valued}`, exitCodes.usage, [help])
  }

  // oclif's would let through what a terminal obeys, in colours.
  override logJson(json: unknown): void {
    if (json !== undefined) process.stdout.write(`${printableJson(json, 2)}\n`)
  }

  // oclif forgets an error's own exit code under --json, and wraps lines that are meant to be copied.
  protected override catch(error: OclifError): Promise<unknown> {
    const known = asFailure(error) ?? usageFailure(error, this.ctor, this.config.bin)
    if (known === undefined) {
      process.exitCode ??= error.oclif?.exit ?? exitCodes.failed
      return super.catch(error)
    }
    process.exitCode = known.exitCode
    if (this.jsonEnabled()) this.logJson({ error: { code: failureCode(known), message: known.message } })
    else this.say(failureText(known))
    return Promise.resolve()
  }
}

/** oclif throws what is wrong with stdout beyond a closed pipe, such as a full disk, as a fault of ours. */
function guardOutput(): void {
  if (process.stdout.listeners('error').includes(endWithoutOutput)) return
  process.stdout.prependListener('error', endWithoutOutput)
}

function endWithoutOutput(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') return
  const known = asFailure(ofFile(error, 'standard output'))
  process.stderr.write(`${known ? failureText(known) : `error: standard output: ${error.message}`}\n`)
  process.exit(exitCodes.failed)
}

/** What a script tells a failure by. */
export function failureCode(failure: Failure): string {
  const { cause } = failure
  if (cause instanceof Error && 'code' in cause && typeof cause.code === 'string') return cause.code
  return failure.exitCode === exitCodes.usage ? 'usage' : 'failed'
}
