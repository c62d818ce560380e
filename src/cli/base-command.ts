import { Command } from '@oclif/core'
import { exitCodes } from './exit-codes.ts'
import { asFailure, type Failure, failureText } from './failure.ts'
import { usageFailure } from './usage-failure.ts'

interface OclifError extends Error {
  oclif?: { exit?: number }
}

/** What every command shares: errors as text or JSON, and exit codes that survive `--json`. */
export abstract class BaseCommand extends Command {
  static override enableJsonFlag = true

  /** Talk, as opposed to the answer: on stderr, and not under `--json`, whose data says it all. */
  protected say(line: string): void {
    if (!this.jsonEnabled()) process.stderr.write(`${line}\n`)
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

/** What a script tells a failure by. */
export function failureCode(failure: Failure): string {
  const { cause } = failure
  if (cause instanceof Error && 'code' in cause && typeof cause.code === 'string') return cause.code
  return failure.exitCode === exitCodes.usage ? 'usage' : 'failed'
}
