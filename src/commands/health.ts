import { Flags } from '@oclif/core'
import type { ApiClient } from '../cli/api-client.ts'
import { BaseCommand } from '../cli/base-command.ts'
import { findProxy } from '../cli/find-proxy.ts'
import { askHealth, runChecks } from '../cli/health/ask-health.ts'
import { healthExitCode, onScale, unknownHealth } from '../cli/health/verdict.ts'
import { watchMs, withWatchSeconds } from '../cli/live/watch-flag.ts'
import { durationText } from '../cli/numbers.ts'
import { sourceFlags } from '../cli/usage/filter-flags.ts'

export default class Health extends BaseCommand {
  static override summary = 'Whether the proxy, its backends and their endpoints are well'
  static override description =
    'What counts is the proxy’s own judgement, its status: ok, degraded or down. Exit code 1 when it is down, which is ' +
    'when nothing is usable, else 0. With --exit-code: 0 ok, 1 some backend or endpoint is down, 2 nothing is usable or no ' +
    'proxy answers, 3 it cannot be told, as with a status that this program does not know.'
  static override examples = [
    '<%= config.bin %> health',
    '<%= config.bin %> health --check',
    '<%= config.bin %> health --watch 5',
    '<%= config.bin %> health --exit-code --json',
  ]
  static override flags = {
    check: Flags.boolean({ summary: 'have all endpoints checked first' }),
    watch: Flags.string({
      summary: 'go on showing it, every 2 seconds or as often as said',
      helpValue: '[SECONDS]',
    }),
    'exit-code': Flags.boolean({
      summary: '0 ok, 1 some down, 2 none usable or unreachable, 3 unknown',
      exclusive: ['watch'],
    }),
    url: sourceFlags.url,
    'api-key': sourceFlags['api-key'],
    config: sourceFlags.config,
  }

  async run(): Promise<unknown> {
    this.argv = withWatchSeconds(this.argv)
    const { flags } = await this.parse(Health)
    const everyMs = flags.watch === undefined ? null : watchMs(flags.watch)
    try {
      const client = await findProxy(flags, process.env)
      if (flags.check) await this.#check(client)
      if (everyMs !== null) return await this.#watch(client, everyMs)
      const asking = askHealth(client)
      // What draws is loaded while the proxy answers.
      const print = this.jsonEnabled() ? null : import('../cli/health/print-here.ts')
      const { answer, report } = await asking
      process.exitCode = healthExitCode(report, flags['exit-code'])
      if (print !== null) {
        const printed = await (await print).printHere(report, client.url)
        for (const line of printed.answer) this.log(line)
        for (const line of printed.talk) this.say(line)
      }
      return answer
    } catch (thrown) {
      if (!flags['exit-code']) throw thrown
      // A fault of ours says nothing of the proxy.
      process.exitCode = unknownHealth
      throw onScale(thrown)
    }
  }

  async #check(client: ApiClient): Promise<void> {
    const startedMs = performance.now()
    await runChecks(client)
    this.say(`all endpoints checked in ${durationText(performance.now() - startedMs)}`)
  }

  async #watch(client: ApiClient, everyMs: number): Promise<void> {
    const { watchHere } = await import('../cli/health/print-here.ts')
    await watchHere(client, everyMs, this.jsonEnabled())
  }
}
