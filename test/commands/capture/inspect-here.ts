import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import CaptureInspect from '../../../src/commands/capture/inspect.ts'
import { captureFile } from '../../capture/inspect/a-file.ts'
import {
  badAnswers,
  clean,
  loopingAgent,
  refusals,
  silentBackend,
  wrongSetup,
} from '../../capture/inspect/trouble.ts'
import { runCommand } from '../../support/run-command.ts'
import { tempFolder } from '../../support/temp-folder.ts'

const home = tempFolder()
/** What is looked at by its path only: folders are counted. */
const elsewhere = join(home, 'elsewhere')
/** The configured folder. */
export const captures = join(home, 'captures')
mkdirSync(captures)
mkdirSync(elsewhere)
captureFile(elsewhere, loopingAgent(), 'looping.cbor')
captureFile(elsewhere, wrongSetup(), 'setup.cbor')
captureFile(captures, refusals(), 'refusals.cbor')
captureFile(captures, badAnswers(), 'bad.cbor')
captureFile(captures, clean(), 'clean.cbor')
const later = silentBackend()
for (const x of later.exchanges) x.openedMs += 3_600_000
captureFile(captures, later, 'silent.cbor', { run: 'run-2' })

export const file = (name: string) =>
  join(['looping', 'setup'].includes(name) ? elsewhere : captures, `${name}.cbor`)

export async function run(...argv: string[]) {
  const { stdout, stderr, exitCode, error } = await runCommand(CaptureInspect, argv, {
    LLMPROXY_HOME: home,
    TZ: 'UTC',
  })
  expect(error).toBeUndefined()
  // Where the files are is another place each time.
  return {
    stdout: stdout.replaceAll(captures, '…').replaceAll(elsewhere, '…'),
    stderr: stderr.replaceAll(captures, '…').replaceAll(elsewhere, '…'),
    exitCode: exitCode ?? 0,
  }
}

export async function linesOf(...argv: string[]): Promise<string[]> {
  return (await run(...argv)).stdout.trimEnd().split('\n')
}

export async function jsonOf(...argv: string[]): Promise<Record<string, unknown>[]> {
  return (await linesOf(...argv, '--json')).filter((line) => line !== '').map((line) => JSON.parse(line))
}
