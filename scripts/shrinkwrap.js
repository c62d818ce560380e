// Before `npm pack`: npm-shrinkwrap.json, so that whoever installs the package gets the versions that were tested; with --remove,
// after it, takes it away again: in a checkout package-lock.json says the same.
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './prepare.js'

const path = join(root, 'npm-shrinkwrap.json')
if (process.argv.includes('--remove')) rmSync(path, { force: true })
else {
  const { packages, ...lock } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'))
  const { devDependencies: _, ...own } = packages['']
  // Nobody installs a dependency's tools.
  const needed = Object.entries(packages).filter(([name, { dev }]) => name !== '' && !dev)
  writeFileSync(
    path,
    `${JSON.stringify({ ...lock, packages: { '': own, ...Object.fromEntries(needed) } }, null, 2)}\n`,
  )
}
