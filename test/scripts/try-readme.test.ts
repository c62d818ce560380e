import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { describe, expect, test } from 'vitest'
import { tempFolder } from '../support/temp-folder.ts'

interface ReadmeModules {
  section(markdown: string, words: string): string[] | null
  fencedBlocks(lines: readonly string[], language: string): string[]
  tableRows(lines: readonly string[]): string[][]
  codeIn(cell: string): string[]
  faultOf(line: string): string | null
  whyNotRun(line: string): string | null
}

// A script's own modules, without types.
const folder = new URL('../../scripts/readme/', import.meta.url)
const { section, fencedBlocks, tableRows, codeIn, faultOf, whyNotRun }: ReadmeModules = {
  ...(await import(new URL('markdown.js', folder).href)),
  ...(await import(new URL('command-line.js', folder).href)),
}

/** What the script says of a README with these blocks and this table. */
async function tried(blocks: readonly string[], rows: readonly string[]) {
  const file = join(tempFolder(), 'README.md')
  const fenced = blocks.map((block) => `\`\`\`sh\n${block}\n\`\`\`\n`)
  const table = ['| the page | here |', '|---|---|', ...rows.map((row) => `| \`x\` | ${row} |`)]
  const lines = ['# One', '## 60-second start', ...fenced, '## From the founding page', ...table, '']
  writeFileSync(file, lines.join('\n'))
  const child = spawn(process.execPath, ['scripts/try-readme.js', '--here', '--readme', file], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [stdout] = await Promise.all([text(child.stdout), once(child, 'close')])
  return {
    lines: stdout
      .trim()
      .split('\n')
      .map((line) => line.trim()),
    exitCode: child.exitCode,
  }
}

describe('npm run try:readme', () => {
  test('runs the blocks, then the table, against the server that a block started', async () => {
    const { lines, exitCode } = await tried(
      [
        'git clone nowhere x && cd x\nnode bin/run.js serve --port 0',
        'curl -s "$LLMPROXY_URL/healthz" | jq .status',
      ],
      ['`llmproxy usage recent`, `llmproxy top`', '`GET /internal/health`', 'nothing yet'],
    )
    expect({ lines, exitCode }).toEqual({
      exitCode: 0,
      lines: [
        '✓ node bin/run.js serve --port 0',
        '✓ curl -s "$LLMPROXY_URL/healthz" | jq .status',
        '✓ llmproxy usage recent',
        '✓ llmproxy top   (known; not run: it needs a terminal)',
        '✓ GET /internal/health',
        '– `x`: nothing to run',
        'all of it works',
      ],
    })
  })

  test('says what does not work, and why', async () => {
    const { lines, exitCode } = await tried(
      ['llmproxy serve --port 0'],
      ['`llmproxy usage --nothing`', '`GET /no/such/route`', '`llmproxy config check /nowhere.yaml`'],
    )
    expect(exitCode).toBe(1)
    expect(lines).toEqual(
      expect.arrayContaining([
        '✗ llmproxy usage --nothing   usage has no flag --nothing',
        '✗ GET /no/such/route',
        '✗ llmproxy config check /nowhere.yaml',
        '3 do not work',
      ]),
    )
  })

  test('goes no further than a block that fails', async () => {
    const { lines, exitCode } = await tried(['echo one >&2; false'], ['`llmproxy usage`'])
    expect(lines).toEqual(['✗ echo one >&2; false', 'ended with 1', 'one', '1 do not work'])
    expect(exitCode).toBe(1)
  })
})

test('a section ends at the next heading of its depth, and a comment is none', () => {
  const markdown = '# A\n## Start\n```sh\n# not a heading\nx\n```\n### Part\ny\n## Other\nz'
  expect(section(markdown, 'start')).toEqual(['```sh', '# not a heading', 'x', '```', '### Part', 'y'])
  expect(section(markdown, 'nowhere')).toBeNull()
})

test('blocks are those of one language, whole', () => {
  const lines = ['```sh', 'a', 'b', '```', '```yaml', 'c', '```', '```sh', 'd', '```']
  expect(fencedBlocks(lines, 'sh')).toEqual(['a\nb\n', 'd\n'])
})

test('tables are read without their heads; a cell may hold a pipe', () => {
  const lines = [
    '| a | b |',
    '|---|:-:|',
    '| 1 | `x \\| y`, ``z`` |',
    'text',
    '| c | d |',
    '|--|--|',
    '| 2 | |',
  ]
  expect(tableRows(lines)).toEqual([
    ['1', '`x | y`, ``z``'],
    ['2', ''],
  ])
  expect(codeIn('`x | y`, ``z``')).toEqual(['x | y', 'z'])
})

test.each([
  ['llmproxy usage stats --since 7d --group-by model', null],
  ['llmproxy run claude --whatever', null],
  ['llmproxy capture --help', null],
  ['llmproxy serve -c x.yaml | tee --no-such', null],
  ['llmproxy usge', 'there is no command usge'],
  ['llmproxy usage stats --sicne 7d', 'usage stats has no flag --sicne'],
])('%s: %j', (line, fault) => {
  expect(faultOf(line)).toBe(fault)
})

test.each([
  ['llmproxy usage', true],
  ['llmproxy top --once', true],
  ['llmproxy top', false],
  ['llmproxy capture inspect FILE', false],
  ['llmproxy show x_1m8bye', false],
  ['llmproxy health --watch', false],
  ['llmproxy connect codex --write', false],
])('%s can be run to its end: %j', (line, can) => {
  expect(whyNotRun(line) === null).toBe(can)
})
