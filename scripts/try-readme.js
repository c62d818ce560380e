// `npm run try:readme`: does what README.md says, in an empty home. Runs each `sh` block below "60-second start" (one
// that starts the server until it listens), then the table below "founding page": what stands in backticks in its first
// column, where that is curl, and in its last. Begins with a clone of the last commit, which it links into the PATH;
// --here takes this checkout as it is. --readme FILE: another.
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
  const linked = values.here ? [] : ['npm link']
  for (const text of [...blocks(), ...linked]) if (failures === 0) await tryBlock(text)
  if (failures === 0) await tryTable()
} finally {
  await shell.close()
  rmSync(home, { recursive: true, force: true, maxRetries: 5 })
}
console.log(failures === 0 ? 'all of it works' : `${failures} do not work`)
process.exit(failures === 0 ? 0 : 1)

/** A newcomer's: no keys, no settings of ours, `llmproxy` in the PATH where `npm link` puts it or, for --here, as it does. */
function environment() {
  const prefix = join(home, '.npm-global')
  const bin = join(prefix, 'bin')
  mkdirSync(bin, { recursive: true })
  if (values.here) symlinkSync(join(root, 'bin/run.js'), join(bin, 'llmproxy'))
  const { PATH = '', TERM = 'dumb' } = process.env
  return {
    ...{ PATH: [bin, PATH].join(delimiter), TERM, NO_COLOR: '1', npm_config_prefix: prefix },
    // Else each clone would download everything once more, and what a machine needs to reach its registry be lost.
    npm_config_cache: npmSetting('cache'),
    npm_config_globalconfig: npmSetting('globalconfig'),
  }
}

function npmSetting(name) {
  return spawnSync('npm', ['config', 'get', name], { encoding: 'utf8' }).stdout.trim()
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
  const page = codeIn(row[0] ?? '')
  // `curl …`, `jq …`: the one into the other, as the page has them.
  if (page[0]?.startsWith('curl ')) await tryLine(page.join(' | '))
  const lines = codeIn(row.at(-1) ?? '')
  if (lines.length === 0) console.log(`  – ${row[0]}: nothing to run`)
  for (const line of lines) await tryLine(line)
}

async function tryLine(line) {
  const isOurs = /^llmproxy\b/.test(line)
  const fault = isOurs ? faultOf(line, shell.folder) : null
  if (fault !== null) return tell(false, `${line}   ${fault}`)
  const asked = /^GET (\/\S*)$/.exec(line)?.[1]
  const text =
    asked === undefined
      ? line.replace(/\blocalhost:8000\b/, new URL(shell.url ?? 'http://localhost:8000').host)
      : `curl -s "$LLMPROXY_URL${asked}"`
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
