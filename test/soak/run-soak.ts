import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Soak, type SoakOptions } from './soak.ts'

/** Lives through it all, in a folder that is gone afterwards; what was missed, a line each. */
export async function runSoak(options: SoakOptions): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'llmproxy-soak-'))
  const remove = () => rmSync(folder, { recursive: true, force: true })
  process.once('exit', remove)
  mkdirSync(join(folder, 'probe'))
  const soak = await Soak.start(folder, options)
  try {
    await soak.live()
    await soak.end()
    return soak.misses
  } finally {
    await soak.close()
    process.off('exit', remove)
    remove()
  }
}
