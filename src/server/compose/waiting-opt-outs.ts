import { randomBytes } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import type { OptOutChange } from '../../core/opt-out-change.ts'
import type { WaitingOptOuts } from '../../replacement/shared-opt-outs.ts'

const fileName = /^[0-9a-f]{16}\.json$/
const changes = z.array(z.object({ key: z.string(), isOptedOut: z.boolean(), atMs: z.number() }))

/**
 * Opt-outs that the store does not have yet, one file for each process. What others left is taken over; their files go
 * when it is written, unless they changed meanwhile: two may live in one folder, and to write a change twice does no harm.
 */
export function waitingOptOuts(folder: string, onTrouble: (error: Error) => void): WaitingOptOuts {
  const own = join(folder, `${randomBytes(8).toString('hex')}.json`)
  const others = new Map<string, string>()
  let isThere = false

  function attempt(work: () => void): void {
    try {
      work()
    } catch (error) {
      onTrouble(error instanceof Error ? error : new Error(String(error)))
    }
  }

  function readOther(path: string): OptOutChange[] {
    const text = readFileSync(path, 'utf8')
    const found = changes.parse(JSON.parse(text))
    others.set(path, text)
    return found
  }

  function removeWritten(): void {
    if (isThere) rmSync(own, { force: true })
    isThere = false
    for (const [path, text] of others) {
      others.delete(path)
      if (textOf(path) === text) rmSync(path, { force: true })
    }
  }

  return {
    read() {
      const found: OptOutChange[] = []
      for (const name of namesIn(folder).filter((name) => fileName.test(name))) {
        attempt(() => found.push(...readOther(join(folder, name))))
      }
      return found
    },
    write(waiting) {
      attempt(() => {
        if (waiting.length === 0) return removeWritten()
        mkdirSync(folder, { recursive: true, mode: 0o700 })
        // Whole or not at all, whenever this process is killed.
        writeFileSync(`${own}.new`, JSON.stringify(waiting), { mode: 0o600 })
        renameSync(`${own}.new`, own)
        isThere = true
      })
    },
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return [] // Nothing ever waited.
  }
}

function textOf(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return null // It was written by who left it.
  }
}
