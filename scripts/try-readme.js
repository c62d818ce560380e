// `npm run try:readme`: does what README.md says, in an empty home. Runs each `sh` block below "60-second start" (one
// that starts the server until it listens), then the commands of the table below "founding page", each in backticks in
// its last column. Begins with a clone of the last commit; --here takes this checkout as it is. --readme FILE: another.
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { parseArgs } from 'node:util'
import { root } from './prepare.js'
import { faultOf, whyNotRun } from './readme/command-line.js'
import { codeIn, fencedBlocks, section, tableRows } from './readme/markdown.js'
import { Shell } from './readme/shell.js'

const { values } = parseArgs({ options: { readme: { type: 'string' }, here: { type: 'boolean' } } })
const readme = readFileSync(values.readme ?? join(root, 'README.md'), 'utf8')
let failures = 0

const home = mkdtempSync(join(tmpdir(), 'llmproxy-readme-'))
const shell = new Shell(home, values.here ? root : home, environment())
try {
  for (const text of blocks()) await tryBlock(text)
  if (failures === 0) await tryTable()
} finally {
  await shell.close()
  rmSync(home, { recursive: true, force: true, maxRetries: 5 })
}
console.log(failures === 0 ? 'all of it works' : `${failures} do not work`)
process.exit(failures === 0 ? 0 : 1)

/** A newcomer's: no keys, no settings of ours, `llmproxy` in the PATH as `npm link` puts it there. */
function environment() {
  const bin = join(home, '.bin')
  mkdirSync(bin)
  symlinkSync(join(root, 'bin/run.js'), join(bin, 'llmproxy'))
  const { PATH = '', TERM = 'dumb', npm_config_cache: cache } = process.env
  return {
    ...{ PATH: [bin, PATH].join(delimiter), TERM, NO_COLOR: '1' },
    // Else each clone would download everything once more.
    npm_config_cache: cache ?? npmCache(),
  }
}

function npmCache() {
  return spawnSync('npm', ['config', 'get', 'cache'], { encoding: 'utf8' }).stdout.trim()
}

function blocks() {
  const lines = section(readme, '60-second start')
  if (lines === null) throw new Error('there is no heading "60-second start"')
  const found = fencedBlocks(lines, 'sh')
  if (found.length === 0) throw new Error('there is no sh block below "60-second start"')
  if (!values.here) return found.map((text) => text.replaceAll(/<[^>\n]*repository[^>\n]*>/g, root))
  return found.map((text) => text.replaceAll(/^git clone .*\n/gm, '')).filter((text) => text.trim() !== '')
}

async function tryBlock(text) {
  const { exitCode, stdout, stderr } = await shell.block(text)
  const works = exitCode === 0
  tell(works, text.trim().split('\n').join('\n    '))
  if (!works) console.log(indented(`ended with ${exitCode}\n${stdout}${stderr}`))
}

async function tryTable() {
  const lines = section(readme, 'founding page')
  if (lines === null) return tell(false, 'there is no heading with "founding page"')
  const rows = tableRows(lines)
  if (rows.length === 0) tell(false, 'there is no table below "founding page"')
  await makeTraffic()
  for (const row of rows) await tryRow(row)
}

/** So that there is something to be shown: a call, a capture with it, its record. */
async function makeTraffic() {
  const body = JSON.stringify({ model: 'demo:echo', messages: [{ role: 'user', content: 'hello' }] })
  const { exitCode, stderr } = await shell.line(`llmproxy capture on
    curl -s "$LLMPROXY_URL/v1/chat/completions" -H 'content-type: application/json' -d '${body}'`)
  if (exitCode !== 0) tell(false, `a call for the table to show: ${stderr}`)
}

async function tryRow(row) {
  const lines = codeIn(row.at(-1) ?? '')
  if (lines.length === 0) console.log(`  – ${row[0]}: nothing to run`)
  for (const line of lines) await tryLine(line)
}

async function tryLine(line) {
  const isOurs = /^llmproxy\b/.test(line)
  const fault = isOurs ? faultOf(line) : null
  if (fault !== null) return tell(false, `${line}   ${fault}`)
  const asked = /^GET (\/\S*)$/.exec(line)?.[1]
  const text = asked === undefined ? line : `curl -s "$LLMPROXY_URL${asked}"`
  if (!isOurs && !/^curl\b/.test(text)) return console.log(`  – ${line}: no command`)
  const why = whyNotRun(text)
  if (why !== null) return tell(true, `${line}   (known; not run: ${why})`)
  const { exitCode, stdout, stderr } = await shell.line(text)
  // curl's 28 is the end of its time, in which a stream has said something.
  const works = exitCode === 0 || (exitCode === 28 && stdout !== '') || (exitCode === 1 && isFinding(stderr))
  tell(works, line)
  if (!works) console.log(indented(`ended with ${exitCode}\n${stderr}`))
}

/** What a check found is an answer: `health` without a usable backend. */
function isFinding(stderr) {
  return !/^error:|^\s+at /m.test(stderr)
}

function tell(works, text) {
  if (!works) failures++
  console.log(`  ${works ? '✓' : '✗'} ${text}`)
}

function indented(text) {
  return text.trimEnd().replaceAll(/^/gm, '      ')
}
