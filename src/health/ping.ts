import { execFile } from 'node:child_process'
import type { Clock } from '../core/clock.ts'
import { noAnswerWithin, type Outcome, type RunningCheck, unavailable } from './outcome.ts'
import { pingOutcome } from './ping-outcome.ts'

/** What of `execFile` is used. */
export type RunProgram = (
  file: string,
  args: readonly string[],
  options: { env: NodeJS.ProcessEnv },
  ended: (error: Error | null, stdout: string, stderr: string) => void,
) => { kill(signal: NodeJS.Signals): unknown }

/** Sends one ping to a host: a name, or an address without brackets. */
export type Ping = (host: string, timeoutMs: number) => RunningCheck

export interface PingParts {
  clock: Clock
  env: NodeJS.ProcessEnv
  platform?: NodeJS.Platform
  run?: RunProgram
}

/** ICMP through the system's `ping`: Node has none, and sending it takes a right that `ping` has. */
export function createPing({ clock, env, platform = process.platform, run = execFile }: PingParts): Ping {
  // Nothing of the environment but where programs are, above all no key; its answers in English.
  const childEnv = { ...(env.PATH !== undefined && { PATH: env.PATH }), LC_ALL: 'C' }

  return (host, timeoutMs) => {
    if (platform === 'win32') return said(unavailable('the ping of Windows is not used'))
    let child: ReturnType<RunProgram> | undefined
    let timedOut = false
    const kill = () => child?.kill('SIGKILL')
    const timer = clock.after(timeoutMs, () => {
      timedOut = true
      kill()
    })
    const outcome = new Promise<Outcome>((resolve) => {
      const ended = (error: Error | null, stdout: string, stderr: string) => {
        timer.cancel()
        resolve(
          timedOut ? noAnswerWithin(timeoutMs) : pingOutcome({ host, timeoutMs, error, stdout, stderr }),
        )
      }
      try {
        child = run('ping', pingArguments(host, timeoutMs, platform), { env: childEnv }, ended)
      } catch (error) {
        ended(error as Error, '', '')
      }
    })
    return {
      outcome,
      cancel: () => {
        timer.cancel()
        kill()
      },
    }
  }
}

/** `--` so that no host is ever taken for an option. */
function pingArguments(host: string, timeoutMs: number, platform: NodeJS.Platform): string[] {
  // macOS counts -W in milliseconds. Elsewhere whole seconds, the one form that every ping takes; the timer is exact.
  const wait = platform === 'darwin' ? Math.ceil(timeoutMs) : Math.ceil(timeoutMs / 1000)
  return ['-c', '1', '-W', String(wait), '--', host]
}

function said(outcome: Outcome): RunningCheck {
  return { outcome: Promise.resolve(outcome), cancel: () => {} }
}
