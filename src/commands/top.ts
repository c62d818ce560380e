import { Flags } from '@oclif/core'
import type { ApiClient } from '../cli/api-client.ts'
import { BaseCommand } from '../cli/base-command.ts'
import { exitCodes } from '../cli/exit-codes.ts'
import { Failure } from '../cli/failure.ts'
import { findProxy } from '../cli/find-proxy.ts'
import { sourceFlags } from '../cli/usage/filter-flags.ts'
import type { ConnectLine } from '../tui/state.ts'

export default class Top extends BaseCommand {
  static override summary = 'What passes the proxy now, what it costs, and what hangs'
  static override description =
    'A live dashboard: traffic, latency, cost, backends, what is in flight and for whom it waits, what ended lately, ' +
    'sessions and issues; ? lists its keys. It never shows what was said. Where it is not on a terminal it prints one picture.'
  static override examples = [
    '<%= config.bin %> top',
    '<%= config.bin %> top --demo',
    '<%= config.bin %> top --once',
    '<%= config.bin %> top --json',
  ]
  static override flags = {
    interval: Flags.string({
      summary: 'seconds between two pictures, 0.2 to 60',
      helpValue: 'SECONDS',
      default: '1',
    }),
    once: Flags.boolean({ summary: 'print one picture as text, and end' }),
    demo: Flags.boolean({
      summary: 'draw a recorded minute, without a proxy',
      exclusive: ['url', 'api-key'],
    }),
    url: sourceFlags.url,
    'api-key': sourceFlags['api-key'],
    config: sourceFlags.config,
  }

  async run(): Promise<unknown> {
    const { flags } = await this.parse(Top)
    const intervalMs = intervalOf(flags.interval)
    const isDrawn = !flags.once && !this.jsonEnabled() && isTerminal()
    // React's development build takes three times as long, and where CI is set Ink draws the last picture only.
    if (isDrawn) Object.assign(process.env, { NODE_ENV: 'production', CI: 'false' })
    const client = flags.demo ? null : await findProxy(flags, process.env)
    const { openTop } = await import('../tui/open-top.ts')
    const top = await openTop({ client, intervalMs, connectLines: await linesFor(client, flags['api-key']) })
    if (this.jsonEnabled()) return top.answer
    if (isDrawn) await top.draw(process.stdout, process.stdin)
    else this.log(top.plain(process.stdout, process.env))
    return undefined
  }
}

/** Whether there is somebody who sees it and can press keys. */
function isTerminal(): boolean {
  return process.stdin.isTTY === true && process.stdout.isTTY === true && process.env.TERM !== 'dumb'
}

function intervalOf(text: string): number {
  const seconds = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN
  if (seconds >= 0.2 && seconds <= 60) return Math.round(seconds * 1_000)
  throw new Failure(`--interval takes 0.2 to 60 seconds, not ${JSON.stringify(text)}`, exitCodes.usage)
}

/** What a person pastes to send a client through this proxy; never the access key itself. */
async function linesFor(client: ApiClient | null, apiKey: string | undefined): Promise<ConnectLine[]> {
  if (client === null) return []
  const { connectLines } = await import('../cli/connect/connect-lines.ts')
  const { thisMachine } = await import('../cli/connect/machine.ts')
  const hasKey = apiKey !== undefined || Boolean(process.env.LLMPROXY_API_KEY)
  const accessKey = hasKey ? { value: '', variable: 'LLMPROXY_API_KEY' } : null
  const lines = connectLines({ url: client.url, accessKey }, thisMachine(process.env))
  return lines.map(({ name, title, line }) => ({ title, line, command: `llmproxy connect ${name}` }))
}
