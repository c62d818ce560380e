import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { schemaAt } from '../../src/config/keys.ts'
import { formatPath } from '../../src/config/paths.ts'
import { configSchema } from '../../src/config/schema.ts'
import { startText } from '../../src/config/start-file.ts'
import { loadingText } from './loading.ts'
import { specKeys } from './spec-keys.ts'

const example = readFileSync(new URL('../../config.example.yaml', import.meta.url), 'utf8')

/** The key paths of a JSON Schema: an account of the schema that our own walk over it has no part in. */
interface SchemaNode {
  properties?: Record<string, SchemaNode>
  additionalProperties?: SchemaNode | boolean
  items?: SchemaNode
  anyOf?: SchemaNode[]
}

function keysIn(node: SchemaNode, path: readonly string[] = []): string[] {
  const named = Object.entries(node.properties ?? {}).flatMap(([key, below]) => {
    const at = [...path, key]
    return [at.join('.'), ...keysIn(below, at)]
  })
  const free =
    typeof node.additionalProperties === 'object' ? keysIn(node.additionalProperties, [...path, '*']) : []
  const listed = node.items ? keysIn(node.items, [...path, '[]']) : []
  return [...named, ...free, ...listed, ...(node.anyOf ?? []).flatMap((option) => keysIn(option, path))]
}

const schemaKeys: readonly string[] = keysIn(
  JSON.parse(readFileSync(new URL('../../config.schema.json', import.meta.url), 'utf8')),
)

test.each(specKeys)('the schema has %s, which the specification names', (name) => {
  const path = name.split('.').map((step) => (step === '[]' ? 0 : step))
  expect(schemaAt(path)).toBeDefined()
})

describe('config.example.yaml', () => {
  test('loads with an empty environment', async () => {
    const { config, notices } = await loadingText(example).load()
    expect(notices).toEqual([])
    expect(config.backends.openai?.api_key).toBe('')
  })

  test('has every default', () => {
    const { backends, ...written } = parse(example)
    const { backends: none, ...defaults } = configSchema.parse({})
    expect(none).toEqual({})
    expect(written).toEqual(defaults)
    const { type, api_url, api_key, credentials, stream_usage, protocols, ...rest } = backends.openai
    expect([type, api_url, api_key, credentials, stream_usage, protocols]).not.toContain(undefined)
    expect(rest).toEqual(configSchema.parse({ backends: { a: {} } }).backends.a)
  })

  test('names every key of the schema', () => {
    expect(schemaKeys.length).toBeGreaterThan(90)
    for (const key of schemaKeys.map((path) => path.split('.').at(-1) ?? '')) {
      expect(example).toMatch(new RegExp(`\\b${key}\\b`))
    }
    const paths = new Set(
      leafPaths(parse(example)).map((path) => path.replace('backends.openai.', 'backends.*.')),
    )
    const ownLine = schemaKeys.filter((path) => !/\[\]|\*\..*\*|prices\.\*|drain_seconds/.test(path))
    for (const path of ownLine)
      expect(
        [...paths].some((known) => known === path || known.startsWith(`${path}.`)),
        path,
      ).toBe(true)
  })

  test('has a comment for every value', () => {
    const lines = example.split('\n')
    const bare = lines.filter((line, i) => {
      const isValue = /^\s*[a-z_0-9]+: \S/.test(line) && !/^\s*[a-z_0-9]+: #/.test(line)
      return isValue && !line.includes(' # ') && !lines[i - 1]?.trimStart().startsWith('#')
    })
    expect(bare).toEqual([])
  })
})

describe('the start that config init writes', () => {
  test('changes nothing as it is', async () => {
    const { config } = await loadingText(startText).load()
    const { config: untouched } = await loadingText('').load()
    expect({ ...config, usage_tracking: 0, wire_capture: 0 }).toEqual({
      ...untouched,
      usage_tracking: 0,
      wire_capture: 0,
    })
  })

  test('loads with every line opened', async () => {
    const opened = startText.replace(/^# (?=\s*(?:- |[a-z][\w.-]*:(?: |$)))/gm, '')
    const env = { OPENAI_API_KEY: 'a', OPENAI_EU_API_KEY: 'b', ALICE_ACCESS_KEY: '0123456789abcdef' }
    const { config } = await loadingText(opened, { env }).load()
    expect(Object.keys(config.backends)).toEqual(['openai', 'openai.eu', 'vllm'])
    expect(config.auth.api_keys).toHaveLength(1)
    expect(config.model_aliases).toHaveLength(1)
    expect(config.wire_capture.mode).toBe('recent')
  })
})

function leafPaths(value: unknown, path: readonly string[] = []): string[] {
  if (
    typeof value !== 'object' ||
    value === null ||
    Array.isArray(value) ||
    Object.keys(value).length === 0
  ) {
    return [path.join('.')]
  }
  return Object.entries(value).flatMap(([key, below]) => leafPaths(below, [...path, key]))
}

test('a path with other characters is quoted', () => {
  expect(formatPath(['backends', 'openai.eu', 'models', 0])).toBe('backends["openai.eu"].models[0]')
})
