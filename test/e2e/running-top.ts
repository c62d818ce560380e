import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, vi } from 'vitest'
import { tempFolder } from '../support/temp-folder.ts'
import { openTerminal, type Terminal } from '../support/terminal.ts'

export const soon = { timeout: 15_000, interval: 100 }
const program = `${process.execPath} ${process.cwd()}/bin/run.js`

export interface RunningTop {
  terminal: Terminal
  text(): string
  /** The process of `top`. */
  pid(): number
  /** What `stty -a` said of the terminal before it began, and after it ended. */
  modes(): { before: string; after: string }
}

/** The built program's `top`, once it has drawn. When it has ended, its shell says `ended with N` and `done`. */
export async function runningTop(flags: string, columns = 120, rows = 30): Promise<RunningTop> {
  const folder = tempFolder()
  const env = { HOME: folder, LLMPROXY_HOME: folder, CI: 'false', TZ: 'UTC' }
  const terminal = openTerminal(columns, rows, env)
  const file = (name: string) => join(folder, name)
  const read = (name: string) => readFileSync(file(name), 'utf8')
  const text = () => terminal.shown().join('\n')
  terminal.run(`echo $$ > ${file('shell')}; stty -a > ${file('before')}`)
  terminal.run(`${program} top ${flags}; echo "ended with $?"; stty -a > ${file('after')}; echo done`)
  await vi.waitFor(() => expect(text()).toMatch(/^ llmproxy top[\s\S]*q quit/), soon)
  return {
    terminal,
    text,
    modes: () => ({ before: read('before'), after: read('after') }),
    pid() {
      // The only child of its shell.
      const shell = read('shell').trim()
      return Number(readFileSync(`/proc/${shell}/task/${shell}/children`, 'utf8').trim())
    },
  }
}
