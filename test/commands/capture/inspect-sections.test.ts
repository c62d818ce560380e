import { describe, expect, it } from 'vitest'
import { file, jsonOf, linesOf, run } from './inspect-here.ts'

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
    [['-r', '7'], [7]],
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
