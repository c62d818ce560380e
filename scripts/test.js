// `npm test`: installs and builds what is missing, runs vitest, and closes with one line that a CI can read.
// --long runs test/long instead, --agents test/agents; other arguments are vitest's.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
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
const { passed, failed } = counts()
rmSync(folder, { recursive: true, force: true })
console.log(`${passed} passed, ${failed} failed`)
process.exit(failed > 0 ? status || 1 : 0)

/** A file that could not be loaded, and a run that failed outside its tests, count as one failure each. */
function counts() {
  if (!existsSync(report)) return { passed: 0, failed: 1 }
  const { numPassedTests, numFailedTests, testResults } = JSON.parse(readFileSync(report, 'utf8'))
  const broken = testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
  )
  const known = numFailedTests + broken.length
  return { passed: numPassedTests, failed: known === 0 && status !== 0 ? 1 : known }
}
