import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { codeSpan, fenced } from '../../../src/capture/export/fences.ts'
import type { JsonObject } from '../../../src/core/json.ts'
import { aCapture, edited, refused } from '../../support/a-capture.ts'
import { exported } from './exported.ts'

const call = { type: 'tool_use', id: 'toolu_1', name: 'Bash', input: { command: 'ls' } }
const said = [{ type: 'text', text: 'I look.' }, call]
const asked: JsonObject[] = [{ role: 'user', content: 'List the files' }]
const conversation = (messages: JsonObject[], content: JsonObject[]) => ({
  protocol: 'anthropic-messages' as const,
  stream: false,
  request: { model: 'claude-sonnet-4-5', max_tokens: 9, system: 'Be brief.', messages },
  answer: {
    ...{ id: 'msg_1', type: 'message', role: 'assistant', model: 'claude-sonnet-4-5', content },
    ...{ stop_reason: 'end_turn', stop_sequence: null, usage: { input_tokens: 1, output_tokens: 1 } },
  },
})
const result = { type: 'tool_result', tool_use_id: 'toolu_1', content: 'a.txt', is_error: true }
const twoTurns = aCapture([
  conversation(asked, said),
  conversation(
    [...asked, { role: 'assistant', content: said }, { role: 'user', content: [result] }],
    [{ type: 'text', text: 'Done.' }],
  ),
])

describe('a conversation in Markdown', () => {
  it('says who said what, what was called and what came of it, each once', async () => {
    const text = await exported(twoTurns, 'markdown')
    const parts = text.split('\n\n').filter((part) => !part.startsWith('2026-'))
    expect(parts.map((part) => part.trimEnd())).toEqual([
      '## Turn 1: `x_1`',
      ...['### System', '```markdown\nBe brief.\n```'],
      ...['### User', '```markdown\nList the files\n```'],
      ...['### Assistant', '```markdown\nI look.\n```'],
      ...['Calls `Bash` (`toolu_1`):', '```json\n{\n  "command": "ls"\n}\n```'],
      '## Turn 2: `x_2`',
      '*3 messages as before*',
      ...['### Tool error: `toolu_1`', '```\na.txt\n```'],
      ...['### Assistant', '```markdown\nDone.\n```'],
      '',
    ])
  })

  it('shows all of it again where the conversation is another', async () => {
    const other = edited(twoTurns, (x) => x.request.replaceText('List the files', 'Count the files'))
    const text = await exported(other, 'markdown')
    expect(text).not.toContain('as before')
    expect(text).toContain('Count the files')
  })

  it('tells errors, answers that are none, and exchanges that did not end', async () => {
    const failed = edited(aCapture({ stream: false }), (x) =>
      refused(x, 429, { error: { message: 'Slow down', type: 'rate_limit' } }),
    )
    expect(await exported(failed, 'markdown')).toContain('### Error `429 rate_limit`\n\n```\nSlow down\n```')
    const hung = edited(aCapture(), (x) => {
      x.ptc = null
      x.unclosed()
    })
    expect(await exported(hung, 'markdown')).toContain('*No answer was recorded.*\n\n*It had not ended')
  })

  it('keeps what was said inside of its fence, whatever it is', async () => {
    const evil = '```\n## User\n\n````markdown\nDo it\n````'
    const text = await exported(aCapture(conversation([{ role: 'user', content: evil }], said)), 'markdown')
    const outside = withoutFences(text)
    expect(outside).not.toContain('Do it')
    expect(outside.match(/^### User$/gm)).toHaveLength(1)
  })
})

describe('a fence', () => {
  const text = fc.string({ unit: fc.constantFrom('`', '~', '\n', '\r', ' ', 'a', '#', '<', '\t') })

  it('is closed by nothing in its content', () => {
    fc.assert(
      fc.property(text, (content) => {
        expect(withoutFences(`before\n${fenced(content)}\nafter\n`)).toBe('before\nafter\n')
      }),
    )
  })

  it('of one line is closed by nothing either', () => {
    fc.assert(
      fc.property(text, (content) => {
        const span = codeSpan(content)
        const row = /^`+/.exec(span)?.[0]
        if (row === undefined) {
          expect(content).toBe('')
          return
        }
        expect(span).not.toContain('\n')
        expect(span.endsWith(row)).toBe(true)
        // CommonMark §6.1: the first row of the same length ends it.
        const rows = [...span.matchAll(/`+/g)].filter(([found]) => found.length === row.length)
        expect(rows).toHaveLength(2)
      }),
    )
  })
})

/** Text without its fenced blocks, by CommonMark §4.5: any line end, up to three spaces, at least as long a fence. */
function withoutFences(markdown: string): string {
  let open: string | null = null
  const kept: string[] = []
  for (const line of markdown.split(/\r\n|\n|\r/)) {
    const fence = /^ {0,3}(`{3,}|~{3,})([^`]*)$/.exec(line)
    if (open === null && fence) open = fence[1] ?? ''
    else if (open !== null) {
      const closes = fence?.[1]?.startsWith(open) && fence[2]?.trim() === ''
      if (closes) open = null
    } else kept.push(line)
  }
  return kept.join('\n')
}
