import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { configJsonSchemaText } from '../../src/config/json-schema.ts'

test('config.schema.json is current; `npm run build` writes it', () => {
  const file = new URL('../../config.schema.json', import.meta.url)
  expect(readFileSync(file, 'utf8')).toBe(configJsonSchemaText())
})

test('every key has a description for editors', () => {
  const missing: string[] = []
  const visit = (node: unknown, path: string): void => {
    if (typeof node !== 'object' || node === null) return
    if ('properties' in node && typeof node.properties === 'object' && node.properties !== null) {
      for (const [key, below] of Object.entries(node.properties)) {
        if (!('description' in below)) missing.push(`${path}.${key}`)
        visit(below, `${path}.${key}`)
      }
    }
    for (const key of ['items', 'additionalProperties'] as const) {
      if (key in node) visit((node as Record<string, unknown>)[key], `${path}.*`)
    }
    if ('anyOf' in node && Array.isArray(node.anyOf)) for (const option of node.anyOf) visit(option, path)
  }
  visit(JSON.parse(configJsonSchemaText()), '')
  expect(missing).toEqual([])
})
