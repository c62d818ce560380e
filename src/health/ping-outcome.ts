import { isIP } from 'node:net'
import { printable } from '../core/printable.ts'
import { failure, noAnswerWithin, type Outcome, unavailable } from './outcome.ts'

export interface EndedPing {
  host: string
  timeoutMs: number
  /** As `execFile` gives it: `code` is the exit status, or the system's word for why it could not start. */
  error: (Error & { code?: number | string | null; signal?: NodeJS.Signals | null }) | null
  stdout: string
  stderr: string
}

/** What an ended `ping` says of its host: iputils, BusyBox, inetutils and BSD differ in words and exit status. */
export function pingOutcome({ host, timeoutMs, error, stdout, stderr }: EndedPing): Outcome {
  if (error === null) return { kind: 'success', latencyMs: latencyIn(stdout), status: null }
  if (typeof error.code !== 'number') return unavailable(whyNotRun(error))
  const said = lastLine(stderr)
  if (notAllowed.test(stderr)) return unavailable(`ping is not permitted here (${said})`)
  if (notUnderstood.test(stderr)) return unavailable(`this system's ping does not take our options (${said})`)
  if (unknownName.test(stderr)) {
    // An address needs no looking up: this ping does not know addresses of its kind.
    if (isIP(host) !== 0) return unavailable(`this system's ping does not take the address ${host}`)
    return failure(`the name ${host} is unknown`)
  }
  if (said !== '') return failure(said)
  const refusal = unreachable.exec(stdout)?.[0]
  return refusal === undefined ? noAnswerWithin(timeoutMs) : failure(refusal.toLowerCase())
}

const notAllowed = /not permitted|permission denied|lacking privilege|cap_net_raw|address family/i
const notUnderstood = /(invalid|unrecognized|illegal|unknown) option|^usage/im
const unknownName = /name or service not known|bad address|unknown host|not known|no address associated/i
const unreachable = /destination [a-z ]*(unreachable|prohibited)|time to live exceeded|packet filtered/i

function whyNotRun({ code, signal, message }: NonNullable<EndedPing['error']>): string {
  if (code === 'ENOENT') return 'there is no program named ping'
  if (code === 'EACCES' || code === 'EPERM') return `ping may not be run (${code})`
  return signal ? `ping was ended by ${signal}` : `ping could not be run (${code ?? printable(message)})`
}

function latencyIn(stdout: string): number | null {
  const ms = /time[=<]([\d.]+) ?ms/.exec(stdout)?.[1]
  return ms === undefined ? null : Number(ms)
}

/** Without the program's own name before it, for a sentence. */
function lastLine(stderr: string): string {
  const lines = stderr.split('\n').map((line) => line.replace(/^\S*ping6?: /, '').trim())
  return printable(lines.filter((line) => line !== '').at(-1) ?? '', 200)
}
