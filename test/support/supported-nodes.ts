// Every Node that is supported, the lowest one first, from its packages on npm.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))
const { engines } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))

/** As `engines` in package.json has it. */
export const lowestNode: string = /\d+\.\d+\.\d+/.exec(engines.node)?.[0] ?? ''
export const supportedNodes = [lowestNode, '20', '22', '24', '26']

/** Where git does not look. */
const folder = join(root, 'node_modules', '.cache', 'nodes')
const packageName = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`

/** The newest of this range: its program and its version. Installed if it is not there yet. */
export function installedNode(range: string): { path: string; version: string } {
  const home = join(folder, range)
  const program = process.platform === 'win32' ? 'node.exe' : 'node'
  const path = join(home, 'node_modules', packageName, 'bin', program)
  if (!existsSync(path)) {
    mkdirSync(home, { recursive: true })
    writeFileSync(join(home, 'package.json'), '{ "private": true }\n')
    const npmArgs = ['install', '--no-audit', '--no-fund', '--loglevel=error', `${packageName}@${range}`]
    const shell = process.platform === 'win32'
    const { status } = spawnSync('npm', npmArgs, { cwd: home, stdio: ['ignore', 2, 2], shell })
    if (status !== 0) throw new Error(`npm could not install ${packageName}@${range}`)
  }
  return { path, version: spawnSync(path, ['--version'], { encoding: 'utf8' }).stdout.trim() }
}
