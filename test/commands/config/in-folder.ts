import type { Command } from '@oclif/core'
import { onTestFinished } from 'vitest'
import { type CommandRun, runCommand } from '../../support/run-command.ts'
import { tempFolder } from '../../support/temp-folder.ts'

/** An empty working directory until the test ends, and running commands in it with only these variables. */
export function inFolder() {
  const folder = tempFolder()
  const before = process.cwd()
  process.chdir(folder)
  onTestFinished(() => process.chdir(before))
  return {
    folder,
    run(command: Command.Class, argv: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<CommandRun> {
      return runCommand(command, argv, { PATH: process.env.PATH, LLMPROXY_HOME: `${folder}/home`, ...env })
    },
  }
}
