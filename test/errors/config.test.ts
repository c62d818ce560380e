import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import ConfigCheck from '../../src/commands/config/check.ts'
import { runCommand } from '../support/run-command.ts'
import { tempFolder } from '../support/temp-folder.ts'

/** A faulty file, where its fault is, and what must be said: the key, the nearest name, the next step. */
const faults: readonly { name: string; yaml: string; place: string; words: readonly string[] }[] = [
  {
    name: 'an unknown key',
    yaml: 'port: 9\nbackend: {}',
    place: '2:1',
    words: ['backend', 'did you mean backends?'],
  },
  {
    name: 'an unknown key of a backend',
    yaml: 'backends:\n  openai:\n    api_ky: x',
    ...{ place: '3:5', words: ['backends.openai.api_ky', 'did you mean api_key?'] },
  },
  {
    name: 'a wrong type',
    yaml: 'port: "8000x"',
    place: '1:7',
    words: ['port', 'a whole number from 0 to 65535'],
  },
  { name: 'a number out of range', yaml: 'max_body_mb: 0', place: '1:14', words: ['max_body_mb', 'got 0'] },
  { name: 'what is not YAML', yaml: 'port: [1, 2', place: '2:1', words: ['not valid YAML'] },
  {
    name: 'a list for the whole',
    yaml: '- port',
    place: '1:1',
    words: ['not a mapping', 'llmproxy config init'],
  },
  {
    name: 'a variable that is not set',
    yaml: `backends:\n  openai:\n    api_key: \${NO_SUCH_KEY}`,
    ...{ place: '3:14', words: ['backends.openai.api_key', 'NO_SUCH_KEY'] },
  },
  {
    name: 'an unknown type of backend',
    yaml: 'backends:\n  mine: {type: opnai}',
    ...{ place: '2:16', words: ['backends.mine.type', 'opnai', 'openai'] },
  },
  {
    name: 'a backend without a URL',
    yaml: 'backends:\n  vllm: {}',
    ...{ place: '2:', words: ['backends.vllm', 'api_url'] },
  },
  {
    name: 'an alias to an unknown backend',
    yaml: 'model_aliases:\n  - {pattern: a, replacement: "opnai:b|openai:c"}',
    ...{ place: '', words: ['opnai', 'did you mean openai?'] },
  },
  {
    name: 'a short access key',
    yaml: 'auth:\n  api_keys: [short]',
    ...{ place: '2:14', words: ['auth.api_keys[0]', 'at least 16 characters', 'llmproxy key new NAME'] },
  },
  {
    name: 'a name that is a path of ours',
    yaml: 'backends:\n  v1: {type: openai}',
    ...{ place: '2:3', words: ['backends.v1', 'cannot name a backend'] },
  },
  {
    name: 'bodies that could never pass',
    yaml: 'max_bodies_mb: 1',
    ...{ place: '1:16', words: ['max_bodies_mb', 'less than max_body_mb (64)'] },
  },
]

test.each(faults)('$name stops the start with its place and what helps', async ({ yaml, place, words }) => {
  const file = join(tempFolder(), 'config.yaml')
  writeFileSync(file, `${yaml}\n`)
  const { stdout, stderr, exitCode } = await runCommand(ConfigCheck, [file], { LLMPROXY_HOME: tempFolder() })
  expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 2 })
  const line = stderr.split('\n').find((text) => text.includes(`config.yaml:${place}`))
  expect(line ?? stderr).toContain(`config.yaml:${place}`)
  for (const word of words) expect(line).toContain(word)
})

test('all faults of a file are told at once, in its order, without a secret', async () => {
  const file = join(tempFolder(), 'config.yaml')
  writeFileSync(
    file,
    'prot: 1\nauth: {api_keys: [sk-secret-0123]}\nbackends: {openai: {api_ky: sk-secret-9876543210abcdef}}\n',
  )
  const { stderr } = await runCommand(ConfigCheck, [file], { LLMPROXY_HOME: tempFolder() })
  expect(stderr.match(/config\.yaml:(\d+)/g)?.map((place) => place.split(':')[1])).toEqual(['1', '2', '3'])
  expect(stderr).not.toContain('sk-secret')
})
