import { expect, test } from 'vitest'
import { tomlFormat, tomlValue } from '../../../src/cli/settings/toml.ts'

const table = ['model_providers', 'llmproxy']
const owner = `# my settings
model = "gpt-5.1-codex"
notify = [
  "sh",
  ["nested"],
]
instructions = """
model_provider = "not a key"
[not.a.table] # it's """

# servers
[mcp_servers.docs]
command = "npx"
model_provider = "not the root's"
`

test('a new root key goes before every table', () => {
  expect(tomlFormat.set(owner, ['model_provider'], 'llmproxy')).toBe(`model_provider = "llmproxy"\n${owner}`)
})

test('a root key that is there is replaced in its place', () => {
  const text = 'a = 1\nmodel_provider = "mine" # old\n[t]\n'
  expect(tomlFormat.set(text, ['model_provider'], 'llmproxy')).toBe(
    'a = 1\nmodel_provider = "llmproxy"\n[t]\n',
  )
  expect(tomlFormat.get(text, ['model_provider'])).toBe('mine')
})

test('keys inside strings, arrays and tables are none of the root’s', () => {
  expect(tomlFormat.get(owner, ['model_provider'])).toBeUndefined()
  expect(tomlFormat.remove(owner, ['model_provider'])).toBe(owner)
  expect(tomlFormat.get(owner, ['not', 'a', 'table'])).toBeUndefined()
})

test('a table is appended, replaced and removed, and what follows it stays', () => {
  const added = tomlFormat.set(owner, table, { name: 'one' })
  expect(added).toBe(`${owner}\n[model_providers.llmproxy]\nname = "one"\n`)
  const followed = `${added}\n# theirs\n[last]\nx = 1\n`
  const removed = tomlFormat.remove(followed, table)
  expect(removed).toContain('# theirs\n[last]\nx = 1\n')
  expect(removed).not.toContain('llmproxy')
  const replaced = tomlFormat.set(followed, table, { name: 'two' })
  expect(replaced.match(/\[model_providers\.llmproxy\]/g)).toHaveLength(1)
  expect(replaced).toContain('name = "two"')
  expect(replaced).not.toContain('name = "one"')
})

test('an empty file gets both', () => {
  const text = tomlFormat.set(tomlFormat.set('', ['model_provider'], 'llmproxy'), table, { name: 'x' })
  expect(text).toBe('model_provider = "llmproxy"\n\n[model_providers.llmproxy]\nname = "x"\n')
})

test('values are written as TOML, with the keys quoted that need it', () => {
  expect(tomlValue({ a: 'q"\\', b: false, c: ['x', 1], h: { 'x-llmproxy-key': 'k' } })).toBe(
    '{ a = "q\\"\\\\", b = false, c = ["x", 1], h = { "x-llmproxy-key" = "k" } }',
  )
})
