// `npm run test:nodes`: the whole suite on each Node that is supported. Takes minutes for each; `-- 22 26` runs those alone, and what
// stands behind another `--` goes to vitest.
import { spawnSync } from 'node:child_process'
import { delimiter, dirname, join } from 'node:path'
import { installedNode, supportedNodes } from '../test/support/supported-nodes.ts'
import { root } from './prepare.js'

const args = process.argv.slice(2)
const split = args.indexOf('--')
const wanted = split < 0 ? args : args.slice(0, split)
const forVitest = split < 0 ? [] : args.slice(split + 1)

const results = []
for (const range of wanted.length > 0 ? wanted : supportedNodes) {
  const { path, version } = installedNode(range)
  console.log(`\n== Node ${version}`)
  const { status } = spawnSync(path, [join(root, 'scripts/test.js'), ...forVitest], {
    cwd: root,
    stdio: 'inherit',
    // What tests start by its name is this one, too.
    env: { ...process.env, PATH: `${dirname(path)}${delimiter}${process.env.PATH}` },
  })
  results.push({ version, passed: status === 0 })
}
console.log(
  results.map(({ version, passed }) => `Node ${version}: ${passed ? 'passed' : 'failed'}`).join('\n'),
)
process.exitCode = results.every(({ passed }) => passed) ? 0 : 1
