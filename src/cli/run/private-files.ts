import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Files for one start of a client, in a folder that only this user can enter. */
export class PrivateFiles {
  #folder: string | null = null

  /** Writes one; its path. */
  keep(name: string, text: string): string {
    this.#folder ??= mkdtempSync(join(tmpdir(), 'llmproxy-run-'))
    const file = join(this.#folder, name)
    writeFileSync(file, text, { mode: 0o600 })
    return file
  }

  remove(): void {
    if (this.#folder !== null) rmSync(this.#folder, { recursive: true, force: true })
  }
}
