import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'

export interface LogLines {
  lines: number
  reloads: number
  /** What is worse than a warning. */
  errors: string[]
  /** How often each warning was given. */
  warnings: Record<string, number>
}

/** Reads a log from its beginning. */
export async function readLog(file: string): Promise<LogLines> {
  const found: LogLines = { lines: 0, reloads: 0, errors: [], warnings: {} }
  for await (const line of createInterface({ input: createReadStream(file) })) {
    found.lines++
    const [, level] = /^\{"level":"(\w+)"/.exec(line) ?? []
    const message = /"msg":"((?:[^"\\]|\\.)*)"/.exec(line)?.[1] ?? line.slice(0, 200)
    if (message === 'configuration reloaded') found.reloads++
    if (level === 'error' || level === 'fatal') found.errors.push(line.slice(0, 500))
    if (level === 'warn') found.warnings[message] = (found.warnings[message] ?? 0) + 1
  }
  return found
}
