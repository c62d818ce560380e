// `npm run matrix`: runs the matrix test and writes its table to docs/protocol-matrix.md; --check only compares.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root } from './prepare.js'

const page = join(root, 'docs/protocol-matrix.md')
const folder = mkdtempSync(join(tmpdir(), 'llmproxy-matrix-'))
const report = join(folder, 'report.json')
spawnSync(
  process.execPath,
  [
    join(root, 'node_modules/vitest/vitest.mjs'),
    'run',
    'test/matrix/matrix.test.ts',
    '--reporter=json',
    `--outputFile=${report}`,
  ],
  { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] },
)
const { testResults } = JSON.parse(readFileSync(report, 'utf8'))
rmSync(folder, { recursive: true })

const cells = testResults
  .flatMap(({ assertionResults }) => assertionResults)
  .map(({ ancestorTitles, title, status }) => {
    const [backend, client] = ancestorTitles.map(
      (text) => /'?(openai-chat|openai-responses|anthropic-messages|gemini)'?/.exec(text)?.[1],
    )
    const [how, name] = title.split(': ')
    return { backend, client, how, name, passed: status === 'passed' }
  })
const unique = (key) => [...new Set(cells.map((cell) => cell[key]))]
const mark = (client, backend, name) => {
  const found = cells.filter(
    (cell) => cell.client === client && cell.backend === backend && cell.name === name,
  )
  return found.length === 2 && found.every(({ passed }) => passed) ? '✓' : '✗'
}
const tables = unique('client').map((client) => {
  const rows = unique('name').map(
    (name) =>
      `| ${name} | ${unique('backend')
        .map((backend) => mark(client, backend, name))
        .join(' | ')} |`,
  )
  return [
    `## A client of ${client}`,
    '',
    `| | ${unique('backend').join(' | ')} |`,
    '|---|:-:|:-:|:-:|:-:|',
    ...rows,
  ].join('\n')
})
const passed = cells.filter((cell) => cell.passed).length
const text = `# Protocol matrix

Every client protocol on every backend protocol, whole and streaming: asked by the official SDK, answered in wire forms
written by hand, and what the provider got and what the SDK read compared with what was written down before. ✓: both the
whole answer and the stream. Written by \`npm run matrix\`; ${passed} of ${cells.length} cells hold. What cannot be carried
is in the table of \`src/core/losses.ts\` (\`GET /v1/capabilities\`), of which a test needs every entry.

${tables.join('\n\n')}
`
console.log(text)
const isCheck = process.argv.includes('--check')
if (!isCheck) writeFileSync(page, text)
// The formatter pads the table's cells.
const same = (written) => written.replace(/[ -]+/g, '')
process.exit(passed < cells.length || (isCheck && same(readFileSync(page, 'utf8')) !== same(text)) ? 1 : 0)
