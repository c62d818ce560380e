// Caches the commands' names and flags, so that oclif need not import every command at each start.
import { readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Config, settings } from '@oclif/core'
import { root } from './prepare.js'

const path = join(root, 'oclif.manifest.json')
settings.enableAutoTranspile = false
rmSync(path, { force: true }) // else oclif reads it back
const config = await Config.load(root)
const manifest = config.plugins.get(config.name).manifest

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
writeFileSync(path, JSON.stringify(manifest))
