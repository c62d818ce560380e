import { execFileSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { aCapture, viewsOf } from '../support/a-capture.ts'
import { captureFile } from '../support/capture/capture-file.ts'
import { head, type Script, stall, startFakeProvider, write } from '../support/fake-provider.ts'
import { startProgram } from '../support/run-program.ts'
import { tempFolder } from '../support/temp-folder.ts'

async function interrupted(first: (body: string) => Script, ...argv: string[]) {
  const capture = aCapture([{ stream: false }, { stream: false }, { stream: false }])
  const body = Buffer.from(viewsOf(capture)[0]?.ptc?.body() ?? []).toString()
  const target = await startFakeProvider([stall()])
  onTestFinished(target.close)
  target.next(first(body))
  const folder = tempFolder()
  mkdirSync(join(folder, 'home'))
  const file = captureFile(folder, 'run.cbor', capture)
  const program = startProgram(
    ['capture', 'replay', file, '--against', target.url, '--concurrency', '1', ...argv],
    { LLMPROXY_HOME: join(folder, 'home') },
  )
  await target.received(2)
  program.process.kill('SIGINT')
  const end = await program.ended
  return { ...end, sent: target.requests.length, folder }
}

const answers = (body: string): Script => [
  head(200, { 'content-type': 'application/json', 'x-llmproxy-exchange': 'x_9' }),
  write(body),
]

test('Ctrl-C stops a replay, and prints what there is: 130', async () => {
  const { stdout, exitCode, sent } = await interrupted(answers)
  expect(stdout).toMatch(/^✓ {2}x_1 /)
  expect(stdout).toContain('1 the same (semantic)\n')
  expect(stdout).toContain('interrupted: 1 of 3 were looked at\n')
  expect([exitCode, sent]).toEqual([130, 2])
})

test('where something was not the same it is 1, and the new run is saved as far as it went', async () => {
  const saved = join(tempFolder(), 'new.cbor')
  const { stdout, exitCode } = await interrupted(() => [head(500)], '--json', '--save', saved)
  expect(exitCode).toBe(1)
  const rows = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(rows).toMatchObject([
    { type: 'exchange', exchange: 'x_1', verdict: 'different' },
    { type: 'summary', different: 1, interrupted: true, saved },
  ])
})

test.each([
  ['a replay', ['replay', '--self']],
  ['a mock', ['mock', '--port', '0']],
])(
  'Ctrl-C while %s still waits for a capture that nobody writes ends it',
  async (_, [command = '', ...flags]) => {
    const folder = tempFolder()
    mkdirSync(join(folder, 'home'))
    const pipe = join(folder, 'pipe')
    execFileSync('mkfifo', [pipe])
    const program = startProgram(['capture', command, pipe, ...flags], {
      LLMPROXY_HOME: join(folder, 'home'),
    })
    // Opened as soon as it is read from.
    const writer = await open(pipe, 'w')
    program.process.kill('SIGINT')
    await program.ended
    await writer.close()
    expect(program.process.signalCode).toBe('SIGINT')
  },
)
