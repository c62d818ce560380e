import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { onTestFinished } from 'vitest'
import { recording } from './openapi/recorded-answers.ts'

export interface ProgramEnd {
  stdout: string
  stderr: string
  /** null when a signal ended it. */
  exitCode: number | null
}

/** The built program, as its users run it. */
export interface RunningProgram {
  process: ChildProcess
  /** The first match in what it wrote to stderr so far or will write; rejects when it ends without one. */
  says(pattern: RegExp): Promise<RegExpExecArray>
  ended: Promise<ProgramEnd>
}

/**
 * Starts `bin/run.js`; it is killed when the test ends. `env` replaces the environment but for PATH. Where it is a proxy,
 * its answers are checked as all are (`openapi/check-answers.ts`).
 */
export function startProgram(
  argv: readonly string[],
  env: NodeJS.ProcessEnv = {},
  cwd?: string,
): RunningProgram {
  const child = spawn(process.execPath, [...recording.nodeArgs, `${process.cwd()}/bin/run.js`, ...argv], {
    env: { PATH: process.env.PATH, ...recording.env, ...env },
    ...(cwd === undefined ? {} : { cwd }),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const text = { stdout: '', stderr: '' }
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text.stdout += chunk
  })
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    text.stderr += chunk
  })
  const ended = once(child, 'close').then(() => ({ ...text, exitCode: child.exitCode }))
  return {
    process: child,
    ended,
    says: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const found = pattern.exec(text.stderr)
          if (found) resolve(found)
        }
        child.stderr.on('data', look)
        look()
        ended.then(({ exitCode }) =>
          reject(new Error(`ended with ${exitCode}, not ${pattern}: ${text.stderr}`)),
        )
      }),
  }
}

export function runProgram(
  argv: readonly string[],
  env?: NodeJS.ProcessEnv,
  cwd?: string,
): Promise<ProgramEnd> {
  return startProgram(argv, env, cwd).ended
}
