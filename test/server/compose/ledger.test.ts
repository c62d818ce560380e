import { mkdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { startTestProxy } from '../../support/start-proxy.ts'
import { tempFolder } from '../../support/temp-folder.ts'

it.each(['usage.db', 'usage_data.json'])(
  'a ledger whose folder is made within a git work tree (%s) is this user’s alone and kept out of it',
  async (file) => {
    const tree = tempFolder()
    mkdirSync(join(tree, '.git'))
    const folder = join(tree, 'var', 'ledger')
    const proxy = await startTestProxy({
      ledger: true,
      config: { usage_tracking: { persistence_path: join(folder, file) } },
    })
    try {
      expect(readFileSync(join(folder, '.gitignore'), 'utf8')).toBe('*\n')
      expect(statSync(folder).mode & 0o777).toBe(0o700)
    } finally {
      await proxy.stop()
    }
  },
)
