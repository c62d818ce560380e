import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { exitCodes } from '../exit-codes.ts'
import { Failure } from '../failure.ts'
import type { Signals } from '../serve/lifetime.ts'

export interface Child {
  command: string
  args: readonly string[]
  env: NodeJS.ProcessEnv
}

const passed = ['SIGTERM', 'SIGHUP', 'SIGUSR1', 'SIGUSR2', 'SIGINT', 'SIGQUIT'] as const

/**
 * Runs a program on our terminal until it ends; its exit code, or 128 and the number of the signal that ended it, as a
 * shell has it. Signals to us go to it. On a terminal ^C and ^\ reach it by themselves, and we only outlive them.
 */
export function runChild(
  { command, args, env }: Child,
  signals: Signals,
  isTerminal: boolean,
): Promise<number> {
  return new Promise((resolve, reject) => {
    const pass = (signal: NodeJS.Signals) => {
      if (isTerminal && (signal === 'SIGINT' || signal === 'SIGQUIT')) return
      child.kill(signal)
    }
    // Before it starts: it may run, and be ended through us, before this thread goes on.
    for (const signal of passed) signals.on(signal, pass)
    const child = spawn(command, args, { env, stdio: 'inherit' })
    const end = () => {
      for (const signal of passed) signals.off(signal, pass)
    }
    child.once('error', (error: NodeJS.ErrnoException) => {
      end()
      reject(startFailure(error, command))
    })
    child.once('exit', (code, signal) => {
      end()
      resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal]))
    })
  })
}

function startFailure(error: NodeJS.ErrnoException, command: string): Failure {
  const exitCode = error.code === 'ENOENT' ? exitCodes.notFound : exitCodes.notRunnable
  const words = new Map([
    ['ENOENT', 'there is no such command'],
    ['EACCES', 'it may not be run'],
  ])
  const why = words.get(error.code ?? '') ?? error.message
  return new Failure(`${command} could not be started: ${why}`, exitCode, [], error)
}
