import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import CaptureInspect from '../../../src/commands/capture/inspect.ts'
import { captureFile } from '../../capture/inspect/a-file.ts'
import { badAnswers, clean, escapes, refusals, silentBackend } from '../../capture/inspect/trouble.ts'
import { runCommand } from '../../support/run-command.ts'
import { tempFolder } from '../../support/temp-folder.ts'

let home: string
let captures: string
const file = (name: string) => join(captures, `${name}.cbor`)
beforeAll(() => {
  home = tempFolder()
  captures = join(home, 'captures')
  mkdirSync(captures)
  captureFile(captures, refusals(), 'refusals.cbor')
  captureFile(captures, badAnswers(), 'bad.cbor')
  captureFile(captures, clean(), 'clean.cbor')
  const later = silentBackend()
  for (const x of later.exchanges) x.openedMs += 3_600_000
  captureFile(captures, later, 'silent.cbor', { run: 'run-2' })
})

async function run(...argv: string[]) {
  const { stdout, stderr, exitCode, error } = await runCommand(CaptureInspect, argv, {
    LLMPROXY_HOME: home,
    TZ: 'UTC',
  })
  expect(error).toBeUndefined()
  // Where the files are is another place each time.
  return {
    stdout: stdout.replaceAll(captures, '…'),
    stderr: stderr.replaceAll(captures, '…'),
    exitCode: exitCode ?? 0,
  }
}

async function linesOf(...argv: string[]): Promise<string[]> {
  return (await run(...argv)).stdout.trimEnd().split('\n')
}

async function jsonOf(...argv: string[]): Promise<Record<string, unknown>[]> {
  return (await linesOf(...argv, '--json')).filter((line) => line !== '').map((line) => JSON.parse(line))
}

describe('capture inspect without a mode', () => {
  it('gives the summary, the last exchanges one a line, and the issues in short', async () => {
    expect((await run(file('refusals'))).stdout).toMatchSnapshot()
  })

  it('reads the newest capture of the configured folder where no file is named', async () => {
    const [head] = await linesOf()
    expect(head).toBe('…/silent.cbor  format 3  since 2026-01-05 13:00:00')
  })

  it('names in the commands to try what has all of it', async () => {
    const commands = async (...files: string[]) =>
      (await linesOf(...files, '--detect-issues'))
        .filter((line) => line.includes('$ '))
        .map((line) => line.trim())
    expect(new Set(await commands(file('clean'), file('bad')))).toEqual(
      new Set(['$ llmproxy capture inspect … --exchange x_1']),
    )
    expect(await commands()).toContain('$ llmproxy capture inspect --exchange x_2')
  })

  it('reads a folder and several files as one', async () => {
    const [inFolder] = await jsonOf(captures, '--entries', '0')
    expect(inFolder).toMatchObject({ kind: 'summary', exchanges: 10 })
    const [two] = await jsonOf(file('clean'), file('bad'), '--entries', '0')
    expect(two).toMatchObject({ exchanges: 4, files: [{ version: 3 }, { version: 3 }] })
  })

  it('says on stderr what is damaged, and reads the rest', async () => {
    const bytes = readFileSync(file('silent'))
    bytes[3_000]! ^= 0xff
    const path = join(tempFolder(), 'damaged.cbor')
    writeFileSync(path, bytes.subarray(0, bytes.length - 10))
    const { stdout, stderr, exitCode } = await run(path)
    expect(exitCode).toBe(0)
    expect(stdout).toMatch(/^exchanges {2}3,/m)
    expect(stdout).toMatch(/^damage +1 place cannot be read, 1 file is cut at the end: /m)
    expect(stderr).toMatch(
      /^damage: 1 place cannot be read, 1 file is cut at the end: \d+ B are lost, all else was read$/m,
    )
    expect(stderr).toContain(`where: llmproxy capture verify ${path}`)
    const kinds = async (...flags: string[]) =>
      (await jsonOf(path, ...flags)).map(({ kind, what }) => what ?? kind)
    expect((await kinds('--list-backends')).sort()).toEqual(['backend', 'damaged', 'torn_tail'])
    expect(await kinds('--detect-issues', '--only', 'capture_gap')).toEqual(['issue', 'issue', 'issue'])
  })
})

describe('capture inspect --detect-issues', () => {
  it.each(['silent', 'refusals', 'bad'])('names the worst of the capture %s first', async (name) => {
    const lines = await linesOf(file(name), '--detect-issues')
    expect(lines.slice(0, 24).join('\n')).toMatchSnapshot()
  })

  it('says so where there are none', async () => {
    expect((await linesOf(file('clean'), '--detect-issues')).at(-1)).toBe('No issues detected')
    expect(await jsonOf(file('clean'), '--detect-issues')).toEqual([])
  })

  it('gives each issue as a line of JSON with every key of the specification', async () => {
    const [issue] = await jsonOf(file('silent'), '--detect-issues', '--only', 'stalled_stream')
    expect(issue).toEqual({
      ...{
        kind: 'issue',
        code: 'stalled_stream',
        type: 'slow_response',
        severity: 'error',
        fault: 'backend',
      },
      ...{
        confidence: 1,
        exchange: 'x_2',
        file: '…/silent.cbor',
        session: 's_agent',
        leg: 'BTP',
        attempt: 1,
      },
      ...{
        entry: expect.any(Number),
        offset: expect.any(Number),
        time: expect.stringMatching(/^2026-01-05T13:01:0.*Z$/),
      },
      ...{
        description: expect.stringContaining('42.0 s'),
        evidence: expect.objectContaining({ seconds: 42 }),
      },
      ...{ hint: expect.any(String), count: 1 },
    })
  })

  it.each([
    [['--fail-on', 'error'], 1],
    [['--fail-on', 'error', '--skip', 'stalled_stream,truncated_stream'], 0],
    [['--fail-on', 'error', '--list-backends'], 1],
    [[], 0],
  ])('exits by --fail-on only: %j gives %i', async (flags, code) => {
    expect((await run(file('silent'), '--detect-issues', ...flags)).exitCode).toBe(code)
  })

  it.each([
    [
      ['--min-severity', 'warn'],
      ['rate_limit', 'backend_error'],
    ],
    [['--only', 'failover'], ['failover']],
    [['--skip', 'rate_limit', '--skip', 'backend_error'], ['failover']],
    [
      ['--backend', 'azure'],
      ['backend_error', 'failover'],
    ],
    [['--filter', 'status=429'], ['rate_limit']],
    [['--direction', 'btp', '--backend', 'azure', '--min-severity', 'warn'], ['backend_error']],
  ])('obeys %j', async (flags, codes) => {
    const issues = await jsonOf(file('refusals'), '--detect-issues', ...flags)
    expect(issues.map(({ code }) => code)).toEqual(codes)
  })
})

describe('capture inspect, section by section', () => {
  it.each([
    ['--analyze', 'refusals', ['--analyze']],
    ['--analyze-streaming', 'silent', ['--analyze-streaming']],
    ['--timeline', 'clean', ['--timeline']],
    [
      'the gathered tables',
      'refusals',
      ['--status-summary', '--group-by-session', '--b2bua', '--list-backends'],
    ],
    ['--track-request', 'bad', ['--track-request', '1']],
    ['--exchange', 'refusals', ['--exchange', 'x_2']],
    ['entries with their contents', 'bad', ['--range', '3-5', '--verbose']],
    ['--hex', 'bad', ['--entry', '4', '--hex', '--max-data', '20']],
  ])('prints %s', async (_, name, flags) => {
    expect((await run(file(name), ...flags)).stdout).toMatchSnapshot()
  })

  it('prints in the order of the specification, whatever the order of the flags', async () => {
    const flags = [
      '-l',
      '-t',
      '--status-summary',
      '--detect-issues',
      '-a',
      '-e',
      '2',
      '--track-request',
      '1',
      '--last',
      '1',
    ]
    const lines = await linesOf(file('clean'), ...flags)
    const headings = [
      'Entries',
      'The last 1 of 2 exchanges',
      'Analysis',
      'Issues',
      'Timeline',
      'Statuses',
      'Exchange 1: x_1',
      'Backends',
    ]
    expect(lines.filter((line) => headings.includes(line))).toEqual(headings)
  })

  it.each([
    [
      ['-e', '3'],
      [0, 1, 2],
    ],
    [
      ['--range', '2-3', '-r', '7:8'],
      [2, 3, 7, 8],
    ],
    [
      ['-r', '28..'],
      [28, 29, 30, 31],
    ],
    [
      ['--around', '4', '-c', '1'],
      [3, 4, 5],
    ],
    [['--entry', '6'], [6]],
    [
      ['-e', '1', '--entry', '6'],
      [0, 6],
    ],
    [
      ['-e', '2', '--direction', 'BTP'],
      [9, 11],
    ],
    [
      ['-e', '2', '-d', 'backend_to_proxy'],
      [9, 11],
    ],
    [
      ['-e', '99', '--search', 'LOOK:'],
      [26, 28],
    ],
  ])('shows the frames of %j', async (flags, entries) => {
    const rows = await jsonOf(file('bad'), ...flags)
    expect(rows.map(({ kind, entry }) => [kind, entry])).toEqual(entries.map((entry) => ['entry', entry]))
  })

  it.each([
    [
      ['--last', '2'],
      ['x_2', 'x_3'],
    ],
    [['--last', '9', '--since', '2026-01-05T12:00:30', '--until', '2026-01-05T12:01'], ['x_2']],
    [['--last', '9', '--start-time', '1767614700'], ['x_3']],
    [
      ['--last', '9', '--session-id', 's_batch'],
      ['x_1', 'x_2'],
    ],
    [
      ['--last', '9', '--session-substring', 'bat'],
      ['x_1', 'x_2'],
    ],
    [['--last', '9', '-b', 'azure', '-b', 'nobody'], ['x_2']],
    [['--last', '9', '--model', 'gpt-*', '-s', 'rate limit'], ['x_1']],
  ])('shows the exchanges of %j', async (flags, ids) => {
    const rows = await jsonOf(file('refusals'), ...flags)
    expect(rows.map(({ kind, id }) => [kind, id])).toEqual(ids.map((id) => ['exchange', id]))
  })

  it('gives one exchange as JSON, values from outside with their own names', async () => {
    const [detail] = await jsonOf(file('silent'), '--exchange', 'x_2')
    expect(detail).toMatchObject({
      ...{
        kind: 'exchange_detail',
        id: 'x_2',
        opened_at: '2026-01-05T13:01:00.000000Z',
        ttft_ms: expect.any(Number),
      },
      passages: [
        { from: 'CTP', to: 'PTB', passage: 'verbatim', bytes_before: 105 },
        { from: 'BTP', to: 'PTC', passage: 'verbatim' },
      ],
      answer: { says: [{ who: 'text', text: 'Hello there.' }], stop: 'end_turn', is_complete: true },
      issues: [{ code: 'stalled_stream' }],
    })
  })
})

describe('what capture inspect cannot do', () => {
  it.each([
    ['a file that is not there', 1, ['nothere.cbor'], /^error: there is no file nothere\.cbor/],
    [
      'an exchange that is not there',
      1,
      ['FILE', '--exchange', 'x_9'],
      /^error: no exchange .*"x_9"\n {2}try: /,
    ],
    [
      'a beginning of several ids',
      2,
      ['FILE', '--exchange', 'x_'],
      /3 exchanges begin with "x_": x_1, x_2, x_3/,
    ],
    [
      'a leg that there is none of',
      2,
      ['FILE', '-d', 'ptx'],
      /there is no leg "ptx"; did you mean (ptb|ptc)\?/,
    ],
    ['a time that is none', 2, ['FILE', '--since', 'soon'], /^error: --since: "soon" is no time/],
    ['a range that is none', 2, ['FILE', '-r', '9-2'], /"9-2" is no range/],
    [
      'an issue that there is none of',
      2,
      ['FILE', '--only', 'stald_stream'],
      /did you mean stalled_stream\?/,
    ],
    ['a filter that is none', 2, ['FILE', '--filter', 'ttft>2x'], /^error: --filter: "2x" is no duration/],
    ['a flag that there is none of', 2, ['FILE', '--detect-isues'], /did you mean --detect-issues\?/],
    ['the capture itself as output', 2, ['FILE', '--output', 'FILE'], /is the capture that is read/],
  ])('%s: exit %i', async (_, code, argv, message) => {
    const { stderr, exitCode } = await run(...argv.map((word) => (word === 'FILE' ? file('silent') : word)))
    expect(stderr).toMatch(message)
    expect(exitCode).toBe(code)
  })

  it.each([
    ['empty', '', /it is empty/],
    ['text', 'hello\n'.repeat(99), /no llmproxy capture/],
  ])('a file that is %s is no capture: exit 1', async (name, content, message) => {
    const path = join(tempFolder(), name)
    writeFileSync(path, content)
    const { stderr, exitCode } = await run(path)
    expect(stderr).toMatch(message)
    expect(exitCode).toBe(1)
  })

  it('tells faults as JSON where JSON is asked for', async () => {
    const { stdout, stderr } = await run('nothere.cbor', '--json')
    expect(JSON.parse(stdout)).toEqual({
      error: { code: 'not_found', message: 'there is no file nothere.cbor' },
    })
    expect(stderr).toBe('')
  })

  it('says when the filters mean nothing', async () => {
    const { stderr, exitCode } = await run(file('silent'), '--backend', 'nobody', '--list-backends')
    expect(stderr).toBe('none of 3 exchanges is meant by the filters\n')
    expect(exitCode).toBe(0)
  })
})

describe('what a terminal would obey', () => {
  it.each([
    [['--entries', '99']],
    [['--entries', '99', '--verbose']],
    [['--exchange', 'x_2', '--verbose', '--hex']],
    [['--analyze', '--timeline', '--track-request', '2', '--last', '9', '--detect-issues']],
    [['--entries', '99', '--json']],
  ])('never comes out of a capture: %j', async (flags) => {
    expect(readFileSync(file('bad')).includes(JSON.stringify(escapes).slice(1, 20))).toBe(true)
    const { stdout } = await run(file('bad'), ...flags)
    expect(stdout).toMatch(/look: /)
    expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/)
  })
})

it('writes to a file of this user only, with --output', async () => {
  const path = join(tempFolder(), 'issues.jsonl')
  const { stdout, stderr } = await run(file('silent'), '--detect-issues', '--json', '--output', path)
  expect([stdout, stderr]).toEqual(['', ''])
  expect(readFileSync(path, 'utf8').trim().split('\n')).toHaveLength(2)
  expect(statSync(path).mode & 0o777).toBe(0o600)
})
