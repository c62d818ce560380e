import { spawnSync } from 'node:child_process'
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ProxyEnd } from '../support/spawn-proxy.ts'
import { readLog } from './log-lines.ts'
import { adminKey, captureBounds } from './soak-config.ts'

export interface Ended {
  line: string
  misses: string[]
}

/** An exchange or a timer that were still open would hold the end up for the grace of 30 s. */
const endsWithinMs = 10_000
const program = fileURLToPath(new URL('../../bin/run.js', import.meta.url))

/** What the proxy says of itself when all is over. */
export async function healthFaults(url: string): Promise<string[]> {
  const headers = { 'x-llmproxy-key': adminKey, connection: 'close' }
  const ask = async (path: string) => (await fetch(url + path, { headers })).json()
  const { usage, capture, monitors_off, config } = (await ask('/internal/health')) as {
    usage: { dropped_records: number; pending_records: number; last_error: unknown }
    capture: { dropped_records: number; last_error: unknown }
    monitors_off: unknown[]
    config: { last_error: unknown }
  }
  const expected = {
    'usage.dropped_records': [usage.dropped_records, 0],
    'usage.last_error': [usage.last_error, null],
    'capture.dropped_records': [capture.dropped_records, 0],
    'capture.last_error': [capture.last_error, null],
    monitors_off: [monitors_off.length, 0],
    'config.last_error': [config.last_error, null],
  }
  return Object.entries(expected).flatMap(([what, [is, should]]) =>
    is === should ? [] : [`health: ${what} is ${JSON.stringify(is)}`],
  )
}

export function graceful({ exitCode, tookMs }: ProxyEnd): Ended {
  const line = `ended with ${exitCode} after ${(tookMs / 1000).toFixed(1)} s`
  return { line, misses: exitCode === 0 && tookMs < endsWithinMs ? [] : [`the proxy ${line}`] }
}

/** Reads every byte of the captures that are left. */
export function capturesWhole(folder: string): Ended {
  const bytes = readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0)
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [program, 'capture', 'verify', folder, '--json'],
    {
      encoding: 'utf8',
      maxBuffer: 1 << 28,
      env: { PATH: process.env.PATH, LLMPROXY_HOME: folder },
    },
  )
  if (status !== 0)
    return {
      line: 'captures damaged',
      misses: [`capture verify: ${status} ${stdout.slice(0, 2_000)} ${stderr}`],
    }
  const { files } = JSON.parse(stdout) as {
    files: { file: string; losses: unknown[]; chunk_gaps: { from: number }[]; is_closed: boolean }[]
  }
  const misses = files.flatMap(({ file, losses, chunk_gaps, is_closed }) => {
    // What is missing from the first on is in the file before, which may be deleted by now.
    const gaps = chunk_gaps.filter(({ from }) => from > 0)
    if (losses.length + gaps.length === 0 && is_closed) return []
    return [
      `capture ${file}: losses ${JSON.stringify(losses)}, gaps ${JSON.stringify(gaps)}, closed ${is_closed}`,
    ]
  })
  const mostMb = captureBounds.max_total_mb + captureBounds.max_file_mb
  if (bytes > mostMb * 1024 * 1024)
    misses.push(`captures take ${bytes} bytes, bounded to ${captureBounds.max_total_mb} MB`)
  return { line: `${files.length} captures, ${(bytes / 1e6).toFixed(0)} MB, verified`, misses }
}

export async function wrongLog(file: string, reloadsAsked: number): Promise<Ended> {
  const { lines, reloads, errors, warnings } = await readLog(file)
  const misses = errors.slice(0, 20).map((line) => `error in the log: ${line}`)
  if (reloads < reloadsAsked) misses.push(`${reloadsAsked} reloads were asked for, the log has ${reloads}`)
  const warned = Object.entries(warnings).map(([message, count]) => `${count} × ${message}`)
  return {
    line: `${lines} log lines, ${errors.length} errors, ${reloads} reloads; warnings: ${warned.join(', ') || 'none'}`,
    misses,
  }
}
