import { type FSWatcher, statSync, watch } from 'node:fs'
import { basename, dirname } from 'node:path'
import type { Clock, Timer } from '../core/clock.ts'

export interface ConfigWatch {
  close(): void
}

const settleMs = 100
const pollMs = 2000

/**
 * Calls `onChange` when the file's content may have changed. Watches its folder, because editors replace files
 * and mounted secrets are swapped links; a writer that takes several steps gives one call. A file that is gone
 * gives none until it is back. Where the system cannot watch, looks every two seconds.
 */
export function watchConfig(file: string, onChange: () => void, clock: Clock): ConfigWatch {
  const name = basename(file)
  let closed = false
  let timer: Timer | undefined
  let watcher: FSWatcher | undefined
  let polling = false
  let seen = signatureOf(file)

  function look(): void {
    timer = undefined
    const now = signatureOf(file)
    if (now !== null && now !== seen) {
      seen = now
      onChange()
    }
    if (polling) lookAfter(pollMs)
  }

  function lookAfter(delayMs: number): void {
    if (closed) return
    timer ??= clock.after(delayMs, look)
  }

  function poll(): void {
    polling = true
    watcher?.close()
    lookAfter(pollMs)
  }

  try {
    watcher = watch(dirname(file), { persistent: false }, (_event, changed) => {
      // Kubernetes swaps a link called `..data` beside the file.
      if (changed === null || changed === name || changed.startsWith('..')) lookAfter(settleMs)
    })
    watcher.on('error', poll)
  } catch {
    poll()
  }
  return {
    close() {
      closed = true
      timer?.cancel()
      watcher?.close()
    },
  }
}

/** What tells two states of a file apart without reading it; null when it cannot be looked at. */
function signatureOf(file: string): string | null {
  try {
    // At once, so that nothing that is written after the call is taken for the first state.
    const { ino, size, mtimeMs, ctimeMs } = statSync(file)
    return [ino, size, mtimeMs, ctimeMs].join(' ')
  } catch {
    return null
  }
}
