import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { isRunning } from '../is-running.ts'
import { StoreError } from '../store.ts'

/** One process writes a JSON file. The lock names it; that of a process that is gone is taken over. */
export function lockFile(file: string, machine: string): { release(): void } {
  const lock = `${file}.lock`
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  const own = JSON.stringify({ pid: process.pid, machine })
  for (let tries = 0; ; tries++) {
    try {
      writeFileSync(lock, own, { flag: 'wx', mode: 0o600 })
      return { release: () => rmSync(lock, { force: true }) }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
      const holder = holderOf(lock)
      const isHeld =
        holder !== null && holder.machine === machine && holder.pid !== process.pid && isRunning(holder.pid)
      if (isHeld || tries > 2) {
        throw new StoreError(
          'busy',
          `another llmproxy (process ${holder?.pid ?? 'unknown'}) writes the ledger ${file}; end it, set another usage_tracking.persistence_path, or use a .db file, which several may share`,
        )
      }
      rmSync(lock, { force: true })
    }
  }
}

function holderOf(lock: string): { pid: number; machine: string } | null {
  try {
    return JSON.parse(readFileSync(lock, 'utf8')) as { pid: number; machine: string }
  } catch {
    return null
  }
}
