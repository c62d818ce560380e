// Writes README's table of commands from the manifest; with --check only says whether it is current.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './prepare.js'

const path = join(root, 'README.md')
const { commands } = JSON.parse(readFileSync(join(root, 'oclif.manifest.json'), 'utf8'))
const cells = Object.values(commands)
  .filter((command) => !command.hidden)
  .map((command) => [`\`llmproxy ${usage(command)}\``, command.summary])
  .sort(([a], [b]) => (a < b ? -1 : 1))
const widths = [0, 1].map((column) => Math.max(...cells.map((row) => row[column].length), 7))
// As the formatter writes tables, so that both agree.
const line = (row, fill = ' ') =>
  `| ${row.map((cell, column) => cell.padEnd(widths[column], fill)).join(' | ')} |`
const table = [line(['command', 'does']), line(['', ''], '-'), ...cells.map((row) => line(row))].join('\n')

const before = readFileSync(path, 'utf8')
const marked = /(<!-- commands -->\n)[\s\S]*?(?=<!-- end of commands -->)/
if (!marked.test(before)) throw new Error('README.md has lost the marks around its commands')
const after = before.replace(marked, (_, start) => `${start}${table}\n`)
if (!process.argv.includes('--check')) writeFileSync(path, after)
else if (after !== before) {
  console.error("README.md's commands are not those of the program; run: npm run build && npm run docs")
  process.exit(1)
}

function usage(command) {
  const args = Object.values(command.args).map((arg) => {
    const name = arg.name.toUpperCase()
    return arg.required ? name : `[${name}]`
  })
  return [command.id.replaceAll(':', ' '), ...args].join(' ')
}
