import { describe, expect, it } from 'vitest'
import { aCapture, edited, lastOf } from '../../../support/a-capture.ts'
import { aMock, askedAs } from './a-mock.ts'

describe('what programs write into prompts anew each time', () => {
  it.each([
    ['a date', 'Today is 2026-11-27.', 'Today is 2027-01-02.'],
    ['a date in words', 'Today is Friday, November 27, 2026.', 'Today is Saturday, January 2, 2027.'],
    ['a time', 'at 08:16:22', 'at 23:59:01'],
    ['a moment', '2026-11-27T08:16:22.123Z', '2027-01-02T00:00:00Z'],
    ['an id', 'session 2f6c1b1e-6d0c-4c53-9a2e-0a1b2c3d4e5f', 'session 00000000-6d0c-4c53-9a2e-0a1b2c3d4e5f'],
    ['a commit', 'HEAD is 7a64688', 'HEAD is d621a81f'],
    ['a temporary folder', 'in /tmp/agent-AbC123/src/a.ts', 'in /tmp/agent-Xyz987/src/a.ts'],
    [
      'a temporary folder of macOS',
      '/var/folders/xy/abcdef/T/agent-1/a',
      '/private/var/folders/zz/q/T/agent-2/a',
    ],
    ['a home folder', '/home/ann/.config/x', '/Users/bob/.config/x'],
    [
      'the folder that it works in',
      'Working directory: /srv/one/app\nRead /srv/one/app/a.ts',
      'Working directory: /opt/b\nRead /opt/b/a.ts',
    ],
    [
      'its name in a tree',
      'Workspace Directories:\n - /srv/alpha\n└── ALPHA/',
      'Workspace Directories:\n - /opt/beta\n└── beta/',
    ],
    ['a name made of it', '<cwd>/srv/one</cwd> -srv-one/memory', '<cwd>/opt/two</cwd> -opt-two/memory'],
  ])('%s', async (_what, before, after) => {
    const capture = edited(aCapture({ protocol: 'anthropic-messages' }), (x) =>
      x.bothRequests((leg) => leg.editJson((json) => (json.system = `You help. ${before}`))),
    )
    const line = await askedAs(await aMock(capture), lastOf(capture), (leg) =>
      leg.editJson((json) => (json.system = `You help. ${after}`)),
    )
    expect(line).toMatch(/^fuzzy x_1\/1 \(but for dates, ids or folders/)
  })

  it('does not make of two questions one', async () => {
    const capture = edited(aCapture(), (x) =>
      x.bothRequests((leg) => leg.replaceText('Hi', 'Read /src/a.ts')),
    )
    const mock = await aMock(capture)
    expect(await askedAs(mock, lastOf(capture), (leg) => leg.replaceText('a.ts', 'b.ts'))).toBe('miss')
  })
})
