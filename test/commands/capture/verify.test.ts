import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import CaptureRecover from '../../../src/commands/capture/recover.ts'
import CaptureVerify from '../../../src/commands/capture/verify.ts'
import { aCapture } from '../../support/a-capture.ts'
import { captureBytes } from '../../support/capture/capture-file.ts'
import { runCommand } from '../../support/run-command.ts'
import { tempFolder } from '../../support/temp-folder.ts'

const folder = tempFolder()
const env = { LLMPROXY_HOME: folder, TZ: 'UTC' }
const whole = captureBytes(aCapture([{}, {}]))
const file = (name: string, bytes: Uint8Array): string => {
  writeFileSync(join(folder, name), bytes)
  return join(folder, name)
}
const flipped = (at: number) => {
  const bytes = Buffer.from(whole)
  bytes[at] = (bytes[at] ?? 0) ^ 0xff
  return bytes
}
const good = file('good.cbor', whole)
const bad = file('bad.cbor', flipped(2000))
const verify = (...argv: string[]) => runCommand(CaptureVerify, argv, env)
const recover = (...argv: string[]) => runCommand(CaptureRecover, argv, env)

describe('capture verify', () => {
  it('of a whole file is 0, in one line', async () => {
    const { stdout, stderr, exitCode } = await verify(good)
    expect([exitCode, stderr]).toEqual([0, ''])
    expect(stdout).toMatch(
      /^● whole {2}\S+good\.cbor {2}\d+\.\d kB, \d+ frames, from 2026-01-05 \d\d:00:00, closed in order\n$/,
    )
  })

  it('fits a narrow terminal, where the path lets it', async () => {
    const { isTTY, columns } = process.stdout
    Object.assign(process.stdout, { isTTY: true, columns: 80 })
    try {
      const { stdout } = await verify(good)
      expect(stdout).toMatch(/^● whole {2}\S+good\.cbor\n {2}\d+\.\d kB, \d+ frames, .* closed in order\n$/)
    } finally {
      Object.assign(process.stdout, { isTTY, columns })
    }
  })

  it('of a damaged one is 1, with the place, the bytes and what is wrong', async () => {
    const { stdout, exitCode } = await verify(good, bad)
    expect(exitCode).toBe(1)
    expect(stdout).toMatch(/✖ damaged {2}\S+bad\.cbor.*\n {2}damaged: \d+ bytes at 1,\d+ \(.*checksum.*\)\n/)
  })

  it('names what was open when the file was cut', async () => {
    const cut = file('cut.cbor', whole.subarray(0, -700))
    const { stdout, exitCode } = await verify(cut)
    expect(exitCode).toBe(1)
    expect(stdout).toContain('not closed in order\n  cut at the end: ')
    expect(stdout).toMatch(/\n {2}open when it ended: x_2/)
  })

  it('as JSON has every place, with legs and times in words', async () => {
    const cut = file('cut.cbor', whole.subarray(0, -700))
    const { stdout, exitCode } = await verify(cut, '--json')
    const { is_whole, files } = JSON.parse(stdout)
    expect([exitCode, is_whole, files.length]).toEqual([1, false, 1])
    expect(files[0]).toMatchObject({
      ...{ version: 3, bytes: whole.length - 700, is_closed: false },
      damage: [{ is_torn: true, bytes: expect.any(Number), offset: expect.any(Number) }],
      sections: [{ run: 'run-1', started_at: '2026-01-05T12:00:00.000000Z' }],
      frames: { hdr: 1, xo: 2 },
      open: [{ id: 'x_2' }],
    })
  })

  it.each([
    [['/nowhere.cbor'], 'there is no file /nowhere.cbor'],
    [[process.execPath], 'no llmproxy capture'],
    [[], 'there is no capture in'],
    [[tempFolder()], 'there is no capture (*.cbor) in'],
  ])('of %j, which cannot be read, is 2', async (argv, message) => {
    const { stderr, exitCode } = await verify(...argv)
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining(message)])
  })
})

describe('capture recover', () => {
  it('copies what is whole, and says what it left out', async () => {
    const copy = join(folder, 'copy.cbor')
    const { stdout, exitCode } = await recover(bad, copy)
    expect(exitCode).toBeUndefined()
    expect(stdout).toMatch(
      /^copied \d+ frames \(\d+\.\d kB\) to .*copy\.cbor; left out \d+ bytes in one place\n.*capture verify \S+copy\.cbor\n$/,
    )
    expect(await verify(copy)).toMatchObject({ exitCode: 0 })
    expect(readFileSync(bad).equals(flipped(2000))).toBe(true)
  })

  it.each([
    [['-', 'x.cbor'], 'a file to a file'],
    [[bad, '-'], 'a file to a file'],
    [[folder, 'x.cbor'], 'is a folder: name one of the captures in it'],
    [['/nowhere.cbor', 'x.cbor'], 'there is no file /nowhere.cbor'],
    [[good], 'Missing 1 required arg'],
  ])('of %j is refused: 2', async (argv, message) => {
    const { stderr, stdout, exitCode } = await recover(...argv)
    expect([exitCode, stdout]).toEqual([2, ''])
    expect(stderr).toContain(message)
    expect([existsSync('x.cbor'), existsSync('-')]).toEqual([false, false])
  })

  it('never shows what a terminal would obey in a name', async () => {
    const { stdout } = await recover(bad, join(folder, 'evil\u001b[31m\u202e.cbor'))
    expect(stdout).toContain('evil␛[31m\ufffd.cbor')
  })

  it('overwrites nothing', async () => {
    const { stderr, exitCode } = await recover(bad, good)
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('is there already')])
    expect(readFileSync(good).equals(whole)).toBe(true)
  })

  it('as JSON has the places', async () => {
    const { stdout } = await recover(bad, join(folder, 'other.cbor'), '--json')
    expect(JSON.parse(stdout)).toMatchObject({
      left_out: [{ is_torn: false }],
      left_out_bytes: expect.any(Number),
    })
  })
})
