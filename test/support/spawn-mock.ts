import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

/** What `capture mock --json` says of a request. */
export interface MockRow {
  type: string
  result: string
  method: string
  path: string
  model: string | null
  exchange: string | null
  why: string | null
}

export interface SpawnedMock {
  url: string
  /** What became of the requests so far. */
  rows: readonly MockRow[]
  /** Ends it with SIGINT; gives its sums and exit code. */
  stop(): Promise<{ exitCode: number | null; sums: Record<string, unknown> }>
}

const program = fileURLToPath(new URL('../../bin/run.js', import.meta.url))

/** The built `capture mock` as a process of its own, on a free port; resolves when it listens. */
export async function spawnMock(file: string, ...flags: string[]): Promise<SpawnedMock> {
  const home = mkdtempSync(join(tmpdir(), 'llmproxy-mock-'))
  const child = spawn(
    process.execPath,
    [program, 'capture', 'mock', file, '--port', '0', '--json', ...flags],
    {
      cwd: home,
      env: { PATH: process.env.PATH, HOME: home, LLMPROXY_HOME: home },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  const killed = () => child.kill('SIGKILL')
  process.once('exit', killed)
  const exited = once(child, 'exit')
  const rows: MockRow[] = []
  let sums: Record<string, unknown> = {}
  const url = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const row = JSON.parse(line)
      if (row.type === 'listening') resolve(row.url)
      else if (row.type === 'request') rows.push(row)
      else sums = row
    })
    child.once('close', () => reject(new Error(`the mock ended before it listened: ${JSON.stringify(sums)}`)))
  })
  return {
    url,
    rows,
    async stop() {
      if (child.exitCode === null) child.kill('SIGINT')
      await exited
      if (!child.stdout.closed) await once(child, 'close')
      process.off('exit', killed)
      rmSync(home, { recursive: true, force: true })
      return { exitCode: child.exitCode, sums }
    },
  }
}
