import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

/** A new empty folder: gone when the test ends, or with the process when made outside a test (`beforeAll`). */
export function tempFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'llmproxy-test-'))
  const remove = () => rmSync(folder, { recursive: true, force: true })
  try {
    onTestFinished(remove)
  } catch {
    process.once('exit', remove)
  }
  return folder
}
