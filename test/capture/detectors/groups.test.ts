import { describe, expect, test } from 'vitest'
import type { Issue } from '../../../src/capture/detectors/detector.ts'
import { groupLines } from '../../../src/capture/detectors/group-lines.ts'
import { IssueGroups } from '../../../src/capture/detectors/groups.ts'

function issue(code: string, more: Partial<Issue> = {}): Issue {
  return {
    ...{
      code,
      type: code,
      severity: 'warn',
      fault: 'backend',
      confidence: 1,
      exchange: 'x_1',
      session: 's_1',
    },
    ...{ file: 'a.cbor', leg: 'BTP', attempt: 1, entry: 7, offset: 3, atNs: 1, count: 1 },
    ...{ description: 'It broke.', evidence: { bytes: 12, last: 'ping' }, hint: 'Mend it.' },
    ...more,
  } as Issue
}

function groupsOf(...issues: Issue[]) {
  const groups = new IssueGroups()
  for (const each of issues) groups.add(each)
  return groups
}

const text = (groups: IssueGroups, file?: string) =>
  groupLines(groups.groups(), file).map((line) => line.text)

describe('groups', () => {
  test('are by code: the worst first, then those found most often', () => {
    const groups = groupsOf(
      issue('rare'),
      issue('often', { count: 5 }),
      issue('bad', { severity: 'note' }),
      issue('bad', { severity: 'error', exchange: 'x_2' }),
    )
    expect(groups.groups().map(({ code }) => code)).toEqual(['bad', 'often', 'rare'])
    expect(groups.worst()).toBe('error')
    expect(new IssueGroups().worst()).toBeNull()
  })

  test('count times, exchanges and faults, and keep the worst three, the surest first', () => {
    const groups = groupsOf(
      issue('a', { exchange: 'x_1', confidence: 0.5 }),
      issue('a', { exchange: 'x_2', count: 4, fault: 'proxy' }),
      issue('a', { exchange: 'x_3', severity: 'error', fault: null }),
      issue('a', { exchange: 'x_4', confidence: 0.9 }),
      issue('a', { exchange: null }),
    )
    const [group] = groups.groups()
    expect(group).toMatchObject({
      severity: 'error',
      count: 8,
      exchanges: 4,
      faults: { backend: 3, proxy: 1, unknown: 1 },
    })
    expect(group?.examples.map(({ exchange }) => exchange)).toEqual(['x_3', 'x_2', null])
  })

  test('take no more room for more issues', () => {
    const groups = new IssueGroups()
    for (let i = 0; i < 1_000; i++) groups.add(issue('a', { exchange: `x_${i}` }))
    expect(groups.groups()[0]?.examples).toHaveLength(3)
    expect(groups.groups()[0]?.exchanges).toBe(1_000)
  })
})

describe('as lines', () => {
  test('an issue is what, where, the proof, what to do, and a command that shows it', () => {
    expect(text(groupsOf(issue('truncated_stream', { severity: 'error' })))).toEqual([
      'TRUNCATED STREAM (1 occurrence) · error · fault: backend',
      '  x_1 BTP entry 7: It broke.',
      '    bytes=12  last=ping',
      '    → Mend it.',
      '    $ llmproxy capture inspect --exchange x_1',
    ])
  })

  test('several say how many there are, whose they are, and how to see the others', () => {
    const many = groupsOf(
      ...[1, 2, 3, 4, 5].map((n) =>
        issue('stalled_stream', {
          type: 'slow_response',
          exchange: `x_${n}`,
          count: n,
          fault: n === 1 ? 'client' : 'backend',
        }),
      ),
    )
    const lines = text(many, 'my file.cbor')
    expect(lines[0]).toBe(
      "STALLED STREAM (15 occurrences in 5 exchanges) · warn · fault: backend 4, client 1, the original's slow_response",
    )
    expect(lines[1]).toBe('  x_5 BTP entry 7: It broke. (5 times)')
    expect(lines.at(-1)).toBe(
      "    … 2 more: $ llmproxy capture inspect 'my file.cbor' --detect-issues --only stalled_stream",
    )
  })

  test('of the file itself, the command is about the file', () => {
    const ofFile = { exchange: null, leg: null, attempt: null, evidence: {} }
    expect(text(groupsOf(issue('capture_gap', ofFile))).at(-1)).toBe(
      '    $ llmproxy capture inspect --around 7',
    )
    expect(text(groupsOf(issue('capture_gap', { ...ofFile, entry: null })), 'a.cbor').at(-1)).toBe(
      '    $ llmproxy capture verify a.cbor',
    )
  })

  test('nothing from a file reaches the terminal or a shell as more than text', () => {
    const lines = text(groupsOf(issue('a', { exchange: "x'; rm -rf ~ #", description: 'a\u001b[2Jb\nc' })))
    expect(lines[1]).toContain('a␛[2Jb␊c')
    expect(lines.at(-1)).toBe("    $ llmproxy capture inspect --exchange 'x'\\''; rm -rf ~ #'")
  })

  test('without issues there is one line', () => {
    expect(groupLines([])).toEqual([{ tone: 'plain', text: 'No issues detected' }])
  })
})
