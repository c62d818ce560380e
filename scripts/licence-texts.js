import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './prepare.js'

const named = /^(licen[sc]e|copying|notice)/i

/** The licences of the packages that these files of node_modules belong to, for whoever gets them in a bundle. */
export function licenceTexts(paths) {
  const folders = new Set(paths.filter((path) => path.includes('node_modules/')).map(packageOf))
  const texts = [...folders].sort().map(licenceText)
  return `Code of these packages is in the files of this folder.\n\n${texts.join(`\n${'-'.repeat(78)}\n\n`)}`
}

function packageOf(path) {
  const [folder] = /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)
  return folder
}

function licenceText(folder) {
  const about = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'))
  const files = readdirSync(join(root, folder))
    .filter((name) => named.test(name))
    .sort()
  const texts = files.map((name) => readFileSync(join(root, folder, name), 'utf8').trim())
  const { name, version, license, author } = about
  // Its licence is then the text that all know by its name.
  if (texts.length === 0) texts.push(`Copyright ${typeof author === 'string' ? author : author.name}`)
  return `${[`${name} ${version} (${license})`, ...texts].join('\n\n')}\n`
}
