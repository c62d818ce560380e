import { randomBytes } from 'node:crypto'
import { access, link, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import type { Clock } from '../../../core/clock.ts'
import { CaptureError } from '../../format/capture-error.ts'
import { createCaptureWriter } from '../../writer/capture-writer.ts'
import type { CaptureEntry } from '../../writer/entries.ts'

export interface SavedRunParts {
  file: string
  clock: Clock
  /** Of the program. */
  version: string
  /** Overwritten wherever they stand, like in any capture. */
  secrets: readonly string[]
}

/** A replay as a capture of its own. */
export interface SavedRun {
  write(entry: CaptureEntry): void
  /** Puts the file in its place; false: nothing was written, and there is none. */
  close(): Promise<boolean>
}

/** Written beside its place, which it takes when it is whole. Throws `CaptureError`: `exists`, `unwritable`. */
export async function saveRun({ file, clock, version, secrets }: SavedRunParts): Promise<SavedRun> {
  if (await isThere(file)) throw existing(file)
  const folder = await folderBeside(file)
  const troubles: string[] = []
  const writer = createCaptureWriter({
    settings: {
      ...{ mode: 'all', folder, sync: 'none', recentBytes: 0, minFreeBytes: 0 },
      ...{ maxFileBytes: Number.MAX_SAFE_INTEGER, maxTotalBytes: Number.MAX_SAFE_INTEGER },
    },
    ...{ clock, version, runKey: randomBytes(32) },
    onNotice({ level, message }) {
      if (level !== 'info') troubles.push(message)
    },
  })
  for (const secret of secrets) writer.learn(secret, 'provider-key')
  // A replay may have a clock of its own: the file has its times from now on.
  let laterNs: number | null = null
  return {
    write(entry) {
      laterNs ??= clock.monotonicNs() - entry.t
      writer.write({ ...entry, t: entry.t + laterNs })
    },
    async close() {
      try {
        await writer.close()
        const [written] = (await readdir(folder)).filter((name) => name.endsWith('.cbor'))
        if (troubles.length > 0) throw new CaptureError('unwritable', `${file}: ${troubles[0]}`)
        if (written === undefined) return false
        await place(join(folder, written), file)
        return true
      } finally {
        await rm(folder, { recursive: true, force: true })
      }
    },
  }
}

/** Where there is no second file yet, and on the same disk. */
async function folderBeside(file: string): Promise<string> {
  const parent = dirname(resolve(file))
  try {
    await mkdir(parent, { recursive: true })
    await removeLeft(parent, basename(file))
    return await mkdtemp(join(parent, `.${basename(file)}-${process.pid}-`))
  } catch (cause) {
    const message = `cannot write ${file}: ${cause instanceof Error ? cause.message : String(cause)}`
    throw new CaptureError('unwritable', message, { cause })
  }
}

/** What runs for the same file left that were killed: they can never take its place any more. */
async function removeLeft(parent: string, name: string): Promise<void> {
  const start = `.${name}-`
  for (const found of await readdir(parent)) {
    const [, pid] = (found.startsWith(start) && /^(\d{1,10})-\w{6}$/.exec(found.slice(start.length))) || []
    if (pid === undefined || isRunning(Number(pid))) continue
    await rm(join(parent, found), { recursive: true, force: true })
  }
}

/** One of another user's is running too. */
function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH')
  }
}

/** A link fails where something has come there since; a rename would take its place. */
async function place(written: string, file: string): Promise<void> {
  try {
    await link(written, file)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null
    if (code === 'EEXIST' || (await isThere(file))) throw existing(file)
    // Disks without links.
    await rename(written, file)
  }
}

function isThere(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  )
}

function existing(file: string): CaptureError {
  return new CaptureError('exists', `${file} is there already, and nothing is overwritten; name another file`)
}
