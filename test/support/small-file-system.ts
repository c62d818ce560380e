import { execFileSync } from 'node:child_process'
import { appendFileSync, mkdtempSync, rmSync, statSync, truncateSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A file system of its own that fills. */
export interface SmallFileSystem {
  folder: string
  /** Takes what room there is, but for this; again, when some became free. */
  fill(leftBytes?: number): void
  /** Gives back what `fill` took. */
  empty(): void
  remove(): void
}

/** Why no file system can be mounted here; null: it can. */
export function whyNoMount(): string | null {
  try {
    smallFileSystem(1).remove()
    return null
  } catch (error) {
    return (error as Error).message.split('\n')[0] ?? 'no reason given'
  }
}

/** A tmpfs of so many MiB, at a folder in the temporary one. Linux, and only for root. */
export function smallFileSystem(mebibytes: number): SmallFileSystem {
  const folder = mkdtempSync(join(tmpdir(), 'llmproxy-small-'))
  const filler = join(folder, 'filler')
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${mebibytes}m`, 'tmpfs', folder], { stdio: 'pipe' })
  } catch (error) {
    rmSync(folder, { recursive: true, force: true })
    throw error
  }
  return {
    folder,
    fill(leftBytes = 0) {
      for (const size of [65_536, 4_096]) appendUntilFull(filler, size)
      if (leftBytes > 0) truncateSync(filler, Math.max(0, statSync(filler).size - leftBytes))
    },
    empty: () => rmSync(filler, { force: true }),
    remove() {
      execFileSync('umount', ['--lazy', folder])
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function appendUntilFull(file: string, size: number): void {
  try {
    for (;;) appendFileSync(file, Buffer.alloc(size))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
  }
}
