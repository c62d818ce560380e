// Writes README's tables of commands, from the manifest, and of top's keys, from the built program; with --check only
// says whether they are current.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { bindings } from '../dist/tui/keys.js'
import { root } from './prepare.js'

const path = join(root, 'README.md')
const { commands } = JSON.parse(readFileSync(join(root, 'oclif.manifest.json'), 'utf8'))

const before = readFileSync(path, 'utf8')
const after = withTable(withTable(before, 'commands', commandsTable()), 'keys', keysTable())
if (!process.argv.includes('--check')) writeFileSync(path, after)
else if (after !== before) {
  console.error(
    "README.md's commands or keys are not those of the program; run: npm run build && npm run docs",
  )
  process.exit(1)
}

function commandsTable() {
  const cells = Object.values(commands)
    .filter((command) => !command.hidden)
    .map((command) => [`\`llmproxy ${usage(command)}\``, command.summary])
    .sort(([a], [b]) => (a < b ? -1 : 1))
  return table(['command', 'does'], cells)
}

function keysTable() {
  const cells = bindings.map(({ keys, help }) => [
    keys
      .split(' ')
      .map((key) => `\`${key}\``)
      .join(' '),
    help,
  ])
  return table(['key in `top`', 'does'], cells)
}

/** As the formatter writes tables, so that both agree. */
function table(titles, cells) {
  const widths = titles.map((title, column) =>
    Math.max(...cells.map((row) => row[column].length), title.length),
  )
  const line = (row, fill = ' ') =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column], fill)).join(' | ')} |`
  return [line(titles), line(['', ''], '-'), ...cells.map((row) => line(row))].join('\n')
}

function withTable(text, name, lines) {
  const marked = new RegExp(`(<!-- ${name} -->\\n)[\\s\\S]*?(?=<!-- end of ${name} -->)`)
  if (!marked.test(text)) throw new Error(`README.md has lost the marks around its ${name}`)
  return text.replace(marked, (_, start) => `${start}${lines}\n`)
}

function usage(command) {
  const args = Object.values(command.args).map((arg) => {
    const name = arg.name.toUpperCase()
    return arg.required ? name : `[${name}]`
  })
  return [command.id.replaceAll(':', ' '), ...args].join(' ')
}
