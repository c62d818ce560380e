import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { describe, expect, test } from 'vitest'
import { tempFolder } from '../support/temp-folder.ts'

// How long a start takes is compared in cli.test.ts; what must not be loaded for it is the part that no busy machine changes.
const heavy = ['undici', 'zod', 'ink', 'react', 'fastify', 'pino', 'pg', 'gpt-tokenizer', 'yaml', 'cbor-x']
const heavyFolders = ['server', 'proxy', 'usage', 'capture', 'tui', 'live', 'config', 'backends', 'protocols']

/** Writes what each module is resolved to: of ES modules all, of others those that one of them asks for. */
const hooks = `
import { appendFileSync } from 'node:fs'
let file
export function initialize(data) { file = data }
export async function resolve(name, context, next) {
  const found = await next(name, context)
  appendFileSync(file, found.url + '\\n')
  return found
}
`

/** What of its own a start of the built program loads, by URL. */
function loaded(argv: readonly string[]): string[] {
  const folder = tempFolder()
  const list = join(folder, 'list')
  const hooksFile = join(folder, 'hooks.mjs')
  const registering = join(folder, 'register.mjs')
  writeFileSync(list, '')
  writeFileSync(hooksFile, hooks)
  writeFileSync(
    registering,
    `import { register } from 'node:module'
     register(${JSON.stringify(pathToFileURL(hooksFile).href)}, { data: ${JSON.stringify(list)} })`,
  )
  const { status } = spawnSync(process.execPath, ['--import', registering, 'bin/run.js', ...argv], {
    env: { PATH: process.env.PATH, HOME: folder, LLMPROXY_URL: 'http://127.0.0.1:1' },
  })
  // health says with 2 and 3 that no proxy is there.
  expect(status).toBeLessThanOrEqual(3)
  return readFileSync(list, 'utf8').split('\n')
}

/** Of what they were made: the build puts many modules into one file, and says in its map which. */
function sourcesOf(urls: readonly string[]): string[] {
  return urls.flatMap((url) => {
    if (!/\/dist\/.*\.js$/.test(url)) return [url]
    const map: { sources: string[] } = JSON.parse(readFileSync(`${fileURLToPath(url)}.map`, 'utf8'))
    return map.sources.map((source) => new URL(source, url).href)
  })
}

function heavyIn(urls: readonly string[]): string[] {
  const sources = sourcesOf(urls)
  const isThere = (part: string) => sources.some((source) => source.includes(part))
  const packages = heavy.filter((name) => isThere(`/node_modules/${name}/`))
  return [...packages, ...heavyFolders.filter((name) => isThere(`/src/${name}/`))]
}

describe('a start loads only what it needs', () => {
  test.each(['--help', 'health --help', 'top --help', 'run --help', 'health'])('%s', (words) => {
    const urls = loaded(words.split(' '))
    expect(sourcesOf(urls).join('\n')).toContain('/node_modules/@oclif/core/')
    expect(heavyIn(urls)).toEqual([])
  })

  // Its port is taken, so that it ends when it has loaded all that it listens with.
  test('serve: few files, and nothing that its first answer does not need', async () => {
    const taken = createServer().listen(0, '127.0.0.1')
    await once(taken, 'listening')
    const { port } = taken.address() as AddressInfo
    const urls = loaded(['serve', '--port', `${port}`]).filter((url) => url.startsWith('file:'))
    taken.close()
    expect(heavyIn(urls)).toEqual(expect.arrayContaining(['fastify', 'server']))
    for (const name of ['ajv', '@pydantic/genai-prices', 'pg', 'prom-client', 'gpt-tokenizer', 'ink'])
      expect(urls.filter((url) => url.includes(`/node_modules/${name}/`))).toEqual([])
    expect(sourcesOf(urls).filter((source) => /\/src\/(server\/openapi|tui|filters)\//.test(source))).toEqual(
      [],
    )
    expect(new Set(urls).size).toBeLessThan(150)
  })

  test('--version: no package at all', () => {
    const urls = loaded(['--version'])
    expect(urls.join('\n')).toContain('/bin/run.js')
    expect(urls.filter((url) => url.includes('/node_modules/'))).toEqual([])
  })

  test('and this would show it', () => {
    expect(heavyIn(loaded(['config', 'show']))).toEqual(expect.arrayContaining(['zod', 'yaml', 'config']))
  })
})
