import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { escapes } from '../../capture/inspect/trouble.ts'
import { tempFolder } from '../../support/temp-folder.ts'
import { captures, file, jsonOf, linesOf, run } from './inspect-here.ts'

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
  it.each([
    ['silent', /^STALLED STREAM .* error · fault: backend/, 'x_2'],
    ['refusals', /^BACKEND ERROR .* warn · fault: backend/, 'x_2'],
    ['bad', /^TOOL ARGS INVALID .* error · fault: backend/, 'x_1'],
    ['looping', /^TOOL LOOP .* error · fault: backend/, 'x_3'],
    ['setup', /^AUTH ERROR .* error · fault: client/, 'x_3'],
  ])('names the worst of the capture %s within a screen', async (name, heading, exchange) => {
    const lines = (await linesOf(file(name), '--detect-issues')).slice(0, 24)
    const [, , title, worst] = [...lines.slice(0, 2), ...lines.slice(3, 5)]
    expect(title).toMatch(heading)
    expect(worst).toMatch(new RegExp(`^  ${exchange} `))
    expect(lines).toContain(`    $ llmproxy capture inspect …/${name}.cbor --exchange ${exchange}`)
    expect(lines.join('\n')).toMatchSnapshot()
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

describe('what capture inspect cannot do', () => {
  it.each([
    ['a file that is not there', 2, ['nothere.cbor'], /^error: there is no file nothere\.cbor/],
    [
      'an exchange that is not there',
      2,
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
      'an end before the beginning',
      2,
      ['FILE', '--since', '2026-01-06', '--until', '2026-01-05'],
      /--until 2026-01-05 is before --since 2026-01-06/,
    ],
    ['a number that is none', 2, ['FILE', '--entry', '-1'], /but received: -1\n {2}try: /],
    ['a value on --json', 2, ['FILE', '--json=FILE'], /^error: --json takes no value: --json=/],
    [
      'an output in no folder',
      1,
      ['FILE', '--output', '/no/such/folder/x'],
      /^error: \/no\/such\/folder\/x: there is no such file or folder \(ENOENT\)\n$/,
    ],
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
    const { stderr, exitCode } = await run(...argv.map((word) => word.replace('FILE', file('silent'))))
    expect(stderr).toMatch(message)
    expect(exitCode).toBe(code)
  })

  it.each([
    ['empty', '', /it is empty/],
    ['text', 'hello\n'.repeat(99), /no llmproxy capture/],
  ])('a file that is %s is no capture: exit 2', async (name, content, message) => {
    const path = join(tempFolder(), name)
    writeFileSync(path, content)
    const { stderr, exitCode } = await run(path)
    expect(stderr).toMatch(message)
    expect(exitCode).toBe(2)
  })

  it('says how what is compressed is read', async () => {
    const path = join(tempFolder(), "it's.cbor.gz")
    writeFileSync(path, gzipSync(readFileSync(file('clean'))))
    const { stderr } = await run(path)
    expect(stderr).toMatch(/\n {2}try: gunzip -c '.*it'\\''s\.cbor\.gz' \| llmproxy capture inspect -\n$/)
  })

  it('says which numbers there are where it has none of those asked for', async () => {
    expect((await linesOf(file('bad'), '--entry', '999')).at(-1)).toBe(
      'none with these numbers; the last is 31',
    )
    expect((await linesOf(file('bad'), '--track-request', '9')).at(-1)).toBe('none: there are 2 exchanges')
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
  it('never comes out of a file’s name, be it read, written or not there', async () => {
    const evil = join(tempFolder(), `evil\u001b[31m\u009b1m\u202e`)
    writeFileSync(evil, readFileSync(file('silent')).subarray(0, -10))
    const texts = [
      await run(evil),
      await run(evil, '--detect-issues', '--exchange', 'x_2', '--entry', '9'),
      await run(evil, '--json', '-e', '9'),
      await run(file('clean'), '--output', `${evil}.txt`),
      await run(`${evil}.gz`),
      await run(`${evil}.gz`, '--json'),
    ]
    for (const { stdout, stderr } of texts) {
      expect(stdout + stderr).toMatch(/evil/)
      expect(stdout + stderr).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/)
    }
  })

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
