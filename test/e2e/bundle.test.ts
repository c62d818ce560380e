import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

/** What the files of dist/ were made of, as their maps say. */
const sources = readdirSync('dist', { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.js.map'))
  .flatMap((name) => (JSON.parse(readFileSync(join('dist', name), 'utf8')) as { sources: string[] }).sources)

test('the licence of every package whose code is in dist/ comes with it', () => {
  const folders = new Set(
    sources.flatMap(
      (source) =>
        /node_modules\/.*node_modules\/(?:@[^/]+\/)?[^/]+|node_modules\/(?:@[^/]+\/)?[^/]+/.exec(source) ??
        [],
    ),
  )
  expect([...folders]).toEqual(expect.arrayContaining(['node_modules/fastify', 'node_modules/@oclif/core']))
  const licences = readFileSync('dist/THIRD_PARTY_LICENSES', 'utf8')
  for (const folder of folders) {
    const { name, version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
    expect(licences).toContain(`\n${name} ${version} (`)
  }
  expect(licences.match(/copyright/gi)?.length).toBeGreaterThanOrEqual(folders.size)
})

test('what is bundled is what a start loads: a package of one command stays outside, and so does one with binaries', () => {
  for (const name of ['@photostructure/sqlite', 'gpt-tokenizer', 'ink', 'pg', '@pydantic/genai-prices'])
    expect(sources.filter((source) => source.includes(`node_modules/${name}/`))).toEqual([])
})
