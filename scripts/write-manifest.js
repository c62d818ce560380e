// Caches the commands' names and flags, so that oclif need not import every command at each start.
import { readdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Plugin, settings } from '@oclif/core'
import { root } from './prepare.js'

settings.enableAutoTranspile = false
const plugin = new Plugin({ root, type: 'core', ignoreManifest: true })
await plugin.load()
const { manifest } = plugin

// oclif leaves out, with a warning, a command that cannot be imported.
const files = readdirSync(join(root, 'dist/commands'), { recursive: true }).filter((name) =>
  name.endsWith('.js'),
)
const count = Object.keys(manifest.commands).length
if (count !== files.length) {
  console.error(
    `dist/commands has ${files.length} commands, but only ${count} can be loaded: ${Object.keys(manifest.commands).join(', ')}`,
  )
  process.exit(1)
}
const path = join(root, 'oclif.manifest.json')
writeFileSync(`${path}.new`, JSON.stringify(manifest))
renameSync(`${path}.new`, path)
