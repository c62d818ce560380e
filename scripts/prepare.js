// What a fresh clone needs before anything runs. Only Node's own modules: nothing may be installed yet.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('..', import.meta.url))

/** Installs what package-lock.json names unless it is there, and builds unless dist/ is newer than its sources. */
export function prepare() {
  if (!isInstalled()) {
    say('installing packages')
    // Development packages too, whatever NODE_ENV says: the compiler is one of them.
    run('npm', ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'])
  }
  if (!isBuilt()) {
    say('building')
    run(process.execPath, ['scripts/build.js'])
  }
}

function say(what) {
  console.error(`llmproxy: ${what} …`)
}

function run(command, args) {
  // npm is a .cmd file on Windows, which needs a shell. Output goes to stderr: stdout is the program's.
  const shell = process.platform === 'win32' && command === 'npm'
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: ['ignore', 2, 2], shell })
  if (status === 0) return
  console.error(
    `llmproxy: ${[command, ...args].join(' ')} failed${error ? `: ${error.message}` : ''}; its output above says why`,
  )
  process.exit(status ?? 1)
}

/** Compares what is wanted with what is there by content: times change with every checkout. */
function isInstalled() {
  const wanted = packages('package-lock.json')
  const present = packages('node_modules/.package-lock.json')
  return Object.entries(wanted).every(
    ([path, { version, optional, devOptional, peer }]) =>
      path === '' || present[path]?.version === version || optional || devOptional || peer,
  )
}

function packages(lockfile) {
  const path = join(root, lockfile)
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')).packages : {}
}

function isBuilt() {
  const manifest = join(root, 'oclif.manifest.json') // the build's last file
  if (!existsSync(manifest) || !existsSync(join(root, 'dist'))) return false
  const sources = [
    'src',
    'package.json',
    'tsconfig.json',
    'tsconfig.build.json',
    'scripts/build.js',
    'scripts/bundle.js',
  ]
  return Math.max(...sources.map((source) => newestMs(join(root, source)))) < statSync(manifest).mtimeMs
}

/** Folders count as well: theirs is the time that a file was removed. */
function newestMs(path) {
  const stats = statSync(path)
  if (!stats.isDirectory()) return stats.mtimeMs
  return Math.max(stats.mtimeMs, ...readdirSync(path).map((name) => newestMs(join(path, name))))
}
