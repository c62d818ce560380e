import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import CaptureDiff from '../../../src/commands/capture/diff.ts'
import { aCapture, edited } from '../../support/a-capture.ts'
import { captureFile } from '../../support/capture/capture-file.ts'
import { runCommand } from '../../support/run-command.ts'
import { tempFolder } from '../../support/temp-folder.ts'

const folder = tempFolder()
const capture = aCapture([{ stream: true }, { stream: false, session: 's_2' }])
const before = captureFile(folder, 'before.cbor', capture)
const after = captureFile(
  folder,
  'after.cbor',
  edited(capture, (x) => x.answer.replaceText('there', 'you')),
)
const run = (...argv: string[]) => runCommand(CaptureDiff, argv, { LLMPROXY_HOME: folder })

describe('capture diff', () => {
  it('of the same is 0 and says how many were compared', async () => {
    const { stdout, stderr, exitCode } = await run(before, before)
    expect([exitCode, stderr]).toEqual([0, ''])
    expect(stdout).toMatch(
      /^2 the same \(semantic\)\ntiming \(medians, not judged\): first content \d+ ms → \d+ ms/,
    )
  })

  it('of what differs is 1 and shows the first path', async () => {
    const { stdout, exitCode } = await run(before, after)
    expect(exitCode).toBe(1)
    expect(stdout.split('\n').slice(0, 3)).toEqual([
      '≠ x_2  turn 2 of s_2  gpt-4o',
      '    answer   choices[0].text  "Hello there." → "Hello you."',
      '1 the same, 1 different (semantic)',
    ])
  })

  it('compares as closely as it is told', async () => {
    expect((await run(before, after, '--compare', 'structure')).exitCode).toBe(0)
    const { stdout } = await run(before, after, '--compare', 'bytes')
    expect(stdout).toContain('body byte ')
  })

  it('of two exchanges compares these', async () => {
    const { stdout, exitCode } = await run(before, '--exchange', 'x_1', '--exchange', 'x_2')
    expect(exitCode).toBe(1)
    expect(stdout).toContain('    request  stream  true → not there\n')
  })

  it('as JSON is a pair a line, and a summary in the end', async () => {
    const { stdout, exitCode } = await run(before, after, '--json')
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(exitCode).toBe(1)
    expect(lines).toMatchObject([
      { type: 'pair', by: 'id', verdict: 'same', before: { exchange: 'x_1', session: 's_1', turn: 1 } },
      {
        verdict: 'different',
        differences: [
          {
            leg: 'PTC',
            kind: 'message',
            path: 'choices[0].text',
            before: 'Hello there.',
            after: 'Hello you.',
          },
        ],
      },
      { type: 'summary', level: 'semantic', same: 1, different: 1, only_before: 0, only_after: 0 },
    ])
  })

  it.each([
    [['--session-id', 's_1'], '1 the same (semantic)'],
    [['--session-substring', '_2'], '1 different (semantic)'],
    [['--filter', 'stream=true'], '1 the same (semantic)'],
    // What only one of both has is without its like.
    [['--search', 'hello you'], '1 only in the second (semantic)'],
    [['--direction', 'ctp'], '2 the same (semantic)'],
    [['-d', 'proxy_to_client', '--since', '2020-01-01'], '1 the same, 1 different (semantic)'],
  ])('compares what the filters mean: %j', async (flags, words) => {
    const { stdout, stderr, exitCode } = await run(before, after, ...flags)
    const summary = stdout.split('\n').find((line) => line.includes('semantic'))
    expect([stderr, summary, exitCode]).toEqual(['', words, words.includes('the same (') ? 0 : 1])
  })

  it('says when the filters mean nothing', async () => {
    const { stdout, stderr, exitCode } = await run(before, after, '--model', 'no-such')
    expect([stdout, stderr, exitCode]).toEqual([
      '0 the same (semantic)\n',
      'no exchange of both is meant by the filters\n',
      0,
    ])
  })

  it('says which of both is damaged', async () => {
    const torn = join(folder, "it's torn.cbor")
    writeFileSync(torn, readFileSync(after).subarray(0, -10))
    const { stderr } = await run(before, torn)
    expect(stderr).toMatch(/^1 place is damaged; which: llmproxy capture verify '.*it'\\''s torn\.cbor'\n$/)
  })

  it('never waits for a pipe that gives what it has once', async () => {
    const pipe = join(folder, 'pipe')
    execFileSync('sh', ['-c', 'mkfifo "$0"', pipe])
    const { stderr, exitCode } = await run(before, pipe)
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining(`more than once, which ${pipe} cannot`)])
  })

  it('shows nothing that a terminal would obey', async () => {
    const evil = captureFile(
      folder,
      'evil.cbor',
      edited(capture, (x) => x.answer.replaceText('there', '\u009b1m\u202e\u200b')),
    )
    for (const flags of [[], ['--json'], ['--compare', 'bytes']]) {
      const { stdout } = await run(before, evil, ...flags)
      expect(stdout).toContain('Hello')
      expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e\u200b]/)
    }
  })

  it('fits a narrow terminal', async () => {
    const { isTTY, columns } = process.stdout
    Object.assign(process.stdout, { isTTY: true, columns: 60 })
    try {
      const { stdout } = await run(before, '--exchange', 'x_1', '--exchange', 'x_2', '--compare', 'bytes')
      const compared = stdout.split('\n').filter((line) => !line.startsWith('timing'))
      expect(Math.max(...compared.map((line) => line.length))).toBeLessThanOrEqual(60)
    } finally {
      Object.assign(process.stdout, { isTTY, columns })
    }
  })

  it.each([
    [[before], 'a diff is of two captures, or of two exchanges of one'],
    [[before, '--exchange', 'x_1'], '--exchange twice'],
    [[before, after, '--exchange', 'x_1', '--exchange', 'x_2'], 'leave out the second file'],
    [[before, '-'], 'standard input cannot'],
    [[before, after, '--direction', 'btp'], 'ctp and ptc, and not of btp'],
    [[before, after, '--filter', 'a &'], '--filter: the filter ends'],
    [[before, '--exchange', 'x_1', '--exchange', 'x_2', '--model', 'm'], 'leave out --model'],
    [[before, '/nowhere.cbor'], 'there is no file /nowhere.cbor'],
    [[before, '--exchange', 'x_1', '--exchange', 'x_7'], 'no exchange x_7'],
    [[before, after, '--compare', 'loosely'], 'loosely'],
  ])('%j cannot be told: 2', async (argv, message) => {
    const { stderr, stdout, exitCode } = await run(...argv)
    expect([exitCode, stdout]).toEqual([2, ''])
    expect(stderr).toContain(message)
  })
})
