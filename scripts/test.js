// `npm test`: installs and builds what is missing, runs vitest, and closes with one line that a CI can read.
// --long runs test/long instead, --agents test/agents; other arguments are vitest's.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { prepare, root } from './prepare.js'

prepare()

const args = process.argv.slice(2)
const only = ['long', 'agents'].find((folder) => args.includes(`--${folder}`))
const folder = mkdtempSync(join(tmpdir(), 'llmproxy-test-'))
const report = join(folder, 'report.json')
const { status } = spawnSync(
  process.execPath,
  [
    join(root, 'node_modules/vitest/vitest.mjs'),
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
    ...args.filter((arg) => arg !== `--${only}`),
  ],
  { cwd: root, stdio: 'inherit', env: { ...process.env, ...(only && { LLMPROXY_TEST_ONLY: only }) } },
)
const { passed, failed, failures } = counts()
for (const failure of failures) console.log(`FAILED ${failure}`)
rmSync(folder, { recursive: true, force: true })
console.log(`${passed} passed, ${failed} failed`)
process.exit(failed > 0 ? status || 1 : 0)

/** A file that could not be loaded, and a run that failed outside its tests, count as one failure each. */
function counts() {
  if (!existsSync(report)) return { passed: 0, failed: 1, failures: ['vitest: left no report'] }
  const { numPassedTests, testResults } = JSON.parse(readFileSync(report, 'utf8'))
  const failures = testResults.flatMap(failuresOf)
  if (failures.length === 0 && status !== 0) failures.push('vitest: an error outside all tests, see above')
  return { passed: numPassedTests, failed: failures.length, failures }
}

function failuresOf({ name, status: ended, message, assertionResults }) {
  const file = relative(root, name)
  const tests = assertionResults.filter((test) => test.status === 'failed')
  if (tests.length === 0) return ended === 'failed' ? [`${file}: ${firstLine(message)}`] : []
  return tests.map((test) => `${file}: ${test.fullName}: ${firstLine(test.failureMessages[0])}`)
}

function firstLine(text = '') {
  return text.split('\n', 1)[0]
}
