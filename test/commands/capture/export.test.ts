import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import CaptureExport from '../../../src/commands/capture/export.ts'
import { aCapture } from '../../support/a-capture.ts'
import { captureBytes, captureFile } from '../../support/capture/capture-file.ts'
import { runCommand } from '../../support/run-command.ts'
import { tempFolder } from '../../support/temp-folder.ts'

const home = tempFolder()
const run = (...argv: string[]) =>
  runCommand(CaptureExport, argv, { LLMPROXY_HOME: home, PATH: process.env.PATH })
const capture = aCapture([{}, {}])

describe('capture export', () => {
  it('writes to stdout, and nothing else', async () => {
    const file = captureFile(tempFolder(), 'a.cbor', capture)
    const { stdout, stderr, exitCode } = await run(file, '--format', 'jsonl')
    expect(stdout.trimEnd().split('\n')).toHaveLength(2)
    expect([stderr, exitCode]).toEqual(['', undefined])
  })

  it('takes the format from the output’s name, and says what it wrote', async () => {
    const folder = tempFolder()
    const file = captureFile(folder, 'a.cbor', capture)
    const output = join(folder, 'a.har')
    const { stdout, stderr } = await run(file, '--output', output)
    expect(stdout).toBe('')
    expect(stderr).toMatch(/^exported 2 exchanges \(\d+\.\d kB\) to .*a\.har\n$/)
    expect(JSON.parse(readFileSync(output, 'utf8')).log.entries).toHaveLength(2)
  })

  it('without a file takes the newest of the configured folder', async () => {
    mkdirSync(join(home, 'captures'), { recursive: true })
    captureFile(join(home, 'captures'), 'new.cbor', aCapture([{}, {}, {}]))
    captureFile(join(home, 'captures'), 'old.cbor', aCapture({ openedMs: 0 }))
    expect((await run('--format', 'jsonl')).stdout.trimEnd().split('\n')).toHaveLength(3)
  })

  it('reads what is whole of a damaged capture, and says that it is', async () => {
    const path = join(tempFolder(), 'cut.cbor')
    writeFileSync(path, captureBytes(capture).subarray(0, -300))
    const { stdout, stderr } = await run(path, '--format', 'markdown')
    expect(stdout).toContain('Hello there.')
    expect(stderr).toMatch(/^1 place is damaged; which: llmproxy capture verify .*cut\.cbor\n$/)
  })

  it('never overwrites what it reads', async () => {
    const folder = tempFolder()
    const file = captureFile(folder, 'a.cbor', capture)
    const before = readFileSync(file)
    for (const from of [file, folder]) {
      const { stderr, exitCode } = await run(from, '--format', 'har', '--output', file)
      expect([exitCode, stderr]).toEqual([2, expect.stringContaining('is what is read')])
    }
    expect(readFileSync(file).equals(before)).toBe(true)
  })

  it.each([
    [['--format', 'har', '/nowhere.cbor'], 'error: there is no file /nowhere.cbor'],
    [['--format', 'har', process.execPath], 'error: no llmproxy capture'],
    [['--format', 'harr'], 'harr'],
    [[], 'which format: --format har, jsonl, curl, markdown'],
  ])('%j is refused with exit code 2', async (argv, message) => {
    const { stderr, exitCode, stdout } = await run(...argv)
    expect([exitCode, stdout]).toEqual([2, ''])
    expect(stderr).toContain(message)
  })

  it('of an exchange that is not there leaves no empty file', async () => {
    const folder = tempFolder()
    const output = join(folder, 'x.har')
    const { stderr, exitCode } = await run(
      captureFile(folder, 'a.cbor', capture),
      '--exchange',
      'x_9',
      '-o',
      output,
    )
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('no exchange x_9 is in')])
    expect(existsSync(output)).toBe(false)
  })

  it('of no exchanges says so', async () => {
    const file = captureFile(tempFolder(), 'a.cbor', { ...capture, exchanges: [] })
    const { stdout, stderr, exitCode } = await run(file, '--format', 'curl')
    expect([stdout, exitCode]).toEqual(['', undefined])
    // Node may warn before it of the listeners that many exports to one stdout leave behind.
    expect(stderr).toMatch(/(?:^|\n)no exchanges in .*a\.cbor\n$/)
  })
})
