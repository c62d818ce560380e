import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import CaptureExport from '../../../src/commands/capture/export.ts'
import { escapes, refusals } from '../../capture/inspect/trouble.ts'
import { aCapture } from '../../support/a-capture.ts'
import { captureBytes, captureFile } from '../../support/capture/capture-file.ts'
import { runCommand } from '../../support/run-command.ts'
import { tempFolder } from '../../support/temp-folder.ts'

const home = tempFolder()
const run = (...argv: string[]) =>
  runCommand(CaptureExport, argv, { LLMPROXY_HOME: home, PATH: process.env.PATH })
const capture = aCapture([{}, {}])
const troubled = captureFile(tempFolder(), 'troubled.cbor', refusals())

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
    expect(stderr).toMatch(/^no exchanges in .*a\.cbor\n$/)
  })

  it('leaves nothing behind on standard output', async () => {
    const file = captureFile(tempFolder(), 'a.cbor', capture)
    await run(file, '--format', 'har')
    const listeners = () =>
      process.stdout.eventNames().map((name) => [name, process.stdout.listenerCount(name)])
    const before = listeners()
    for (let times = 0; times < 12; times++) await run(file, '--format', 'har')
    expect(listeners()).toEqual(before)
  })

  it.each([
    [['--backend', 'azure'], ['x_2']],
    [
      ['--model', 'gpt-*', '--session-id', 's_batch'],
      ['x_1', 'x_2'],
    ],
    [['--session-substring', 'atch', '-s', 'RATE LIMIT'], ['x_1']],
    [['--since', '2026-01-05T12:00:30', '--until', '2026-01-05T12:01'], ['x_2']],
    [['--start-time', '1767614700'], ['x_3']],
    [
      ['--filter', '~issue failover | status=429'],
      ['x_1', 'x_2'],
    ],
    [['--filter', '!(~c 200)', '--exchange', 'x_1'], ['x_1']],
  ])('exports what the filters mean: %j', async (flags, ids) => {
    const { stdout, stderr } = await run(troubled, '--format', 'jsonl', ...flags)
    const lines = stdout.trimEnd().split('\n')
    expect([stderr, lines.map((line) => JSON.parse(line).exchange)]).toEqual(['', ids])
  })

  it('of legs exports these, and in other formats the side that they are of', async () => {
    const legsOf = async (...flags: string[]) => {
      const { stdout } = await run(troubled, '--format', 'jsonl', '--exchange', 'x_2', ...flags)
      return JSON.parse(stdout).legs.map(({ leg }: { leg: string }) => leg)
    }
    expect(await legsOf('--direction', 'btp')).toEqual(['BTP', 'BTP'])
    expect(await legsOf('--direction', 'ctp,proxy_to_client')).toEqual(['CTP', 'PTC'])
    expect(await legsOf('--direction', 'ptb', '-d', 'ctp')).toEqual(['CTP', 'PTB', 'PTB'])
    const curl = async (...flags: string[]) => (await run(troubled, '--format', 'curl', ...flags)).stdout
    expect(await curl('-d', 'ptb')).toBe(await curl('--leg', 'backend'))
    expect(await curl('-d', 'ctp')).toBe(await curl('--leg', 'client'))
  })

  it('says when the filters mean nothing, and what is wrong with them', async () => {
    const none = await run(troubled, '--format', 'jsonl', '--backend', 'nobody')
    expect(none.stderr).toMatch(/^no exchange is meant by the filters in .*\n$/)
    const wrong = await run(troubled, '--format', 'jsonl', '--filter', 'bytes>1mib &')
    expect([wrong.exitCode, wrong.stdout]).toEqual([2, ''])
    expect(wrong.stderr).toMatch(
      /^error: --filter: the filter ends .*\n.*\n {4} +\^\n {2}try: llmproxy capture export --help/,
    )
  })

  it('keeps every byte in a file and in a pipe, and shows a terminal none that it would obey', async () => {
    const content = `# hi\n\tthere${escapes}\u202e`
    const request = { model: 'gpt-4o', messages: [{ role: 'user', content }] }
    const file = captureFile(tempFolder(), 'a.cbor', aCapture({ request }))
    const output = join(tempFolder(), 'a.md')
    await run(file, '--output', output)
    expect(readFileSync(output, 'utf8')).toContain(content)
    const { isTTY } = process.stdout
    Object.assign(process.stdout, { isTTY: true })
    try {
      const { stdout } = await run(file, '--format', 'markdown')
      expect(stdout).toContain('# hi\n\tthere␛]0;owned␇␛[2J')
      expect(stdout).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202e]/)
    } finally {
      Object.assign(process.stdout, { isTTY })
    }
  })

  it('into a folder that is not there says so', async () => {
    const { stderr, exitCode } = await run(troubled, '--output', '/no/such/folder/a.har')
    expect([exitCode, stderr]).toEqual([
      1,
      'error: /no/such/folder/a.har: there is no such file or folder (ENOENT)\n',
    ])
  })
})
