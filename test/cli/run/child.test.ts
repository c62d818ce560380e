import { EventEmitter } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { runChild } from '../../../src/cli/run/child.ts'
import { tempFolder } from '../../support/temp-folder.ts'

/** A program that tells its process's id once it listens to signals, and ends with 40 on SIGINT and 41 on SIGTERM. */
const listening = `
for (const [signal, code] of [['SIGINT', 40], ['SIGTERM', 41]]) process.on(signal, () => process.exit(code))
setInterval(() => {}, 1000)
process.kill(Number(process.argv[1]), 'SIGUSR2')
`

/** Starts it, and sends us these signals as soon as it listens. */
async function signalled(sent: readonly NodeJS.Signals[], isTerminal: boolean): Promise<number> {
  const signals = new EventEmitter()
  const ready = new Promise((resolve) => process.once('SIGUSR2', resolve))
  const args = ['-e', listening, String(process.pid)]
  const ended = runChild({ command: process.execPath, args, env: process.env }, signals, isTerminal)
  await ready
  for (const signal of sent) signals.emit(signal, signal)
  return await ended
}

function ended(...args: string[]): Promise<number> {
  return runChild({ command: process.execPath, args, env: process.env }, new EventEmitter(), false)
}

describe('the exit code', () => {
  test('is the program’s own', async () => {
    expect(await ended('-e', 'process.exit(7)')).toBe(7)
  })

  test('is 128 and the signal’s number where one ended it', async () => {
    expect(await ended('-e', 'process.kill(process.pid, "SIGKILL")')).toBe(137)
  })
})

describe('signals', () => {
  test('to us go to it', async () => {
    expect(await signalled(['SIGTERM'], true)).toBe(41)
    expect(await signalled(['SIGINT'], false)).toBe(40)
  })

  test('that the terminal has sent it already are not sent again', async () => {
    expect(await signalled(['SIGINT', 'SIGTERM'], true)).toBe(41)
  })

  test('are nobody’s business any more when it has ended', async () => {
    const signals = new EventEmitter()
    await runChild({ command: process.execPath, args: ['-e', '0'], env: process.env }, signals, false)
    expect(signals.eventNames()).toEqual([])
  })
})

test('a file that may not be run ends as in a shell', async () => {
  const file = join(tempFolder(), 'plain')
  writeFileSync(file, '')
  const started = runChild({ command: file, args: [], env: process.env }, new EventEmitter(), false)
  await expect(started).rejects.toMatchObject({
    exitCode: 126,
    message: `${file} could not be started: it may not be run`,
  })
})
