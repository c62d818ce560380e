// Checks the types of src/, bundles it to dist/ and writes what is made from it.
import { spawnSync } from 'node:child_process'
import { existsSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { bundle } from './bundle.js'
import { root } from './prepare.js'

const dist = join(root, 'dist')
// Beside dist/, so that source maps keep their relative paths, and moved when whole: a proxy that runs from
// dist/ never meets half a build.
const fresh = join(root, `.dist-${process.pid}`)
const old = join(root, `.dist-${process.pid}-old`)

try {
  node(join('node_modules', 'typescript', 'bin', 'tsc'), '-p', 'tsconfig.build.json')
  await bundle(fresh)
  if (existsSync(dist)) renameSync(dist, old)
  renameSync(fresh, dist)
} finally {
  for (const folder of [fresh, old]) rmSync(folder, { recursive: true, force: true })
}
if (existsSync(join(root, 'scripts/write-config-schema.js'))) node('scripts/write-config-schema.js')
node('scripts/write-manifest.js')

function node(...args) {
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' })
  if (status === 0) return
  rmSync(fresh, { recursive: true, force: true })
  process.exit(status ?? 1)
}
