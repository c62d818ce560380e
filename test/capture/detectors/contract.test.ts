import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { severities } from '../../../src/capture/detectors/detector.ts'
import { detectors } from '../../../src/capture/detectors/index.ts'
import { protocolNames } from '../../../src/core/protocol-name.ts'
import { aCapture, type CaptureDraft, issuesOf } from '../../support/a-capture.ts'
import { casesOf, codesWithCases } from './all-cases.ts'
import { spoiltCaptures } from './spoilt-captures.ts'

const folder = fileURLToPath(new URL('../../../src/capture/detectors', import.meta.url))
const files = readdirSync(folder)
  .map((name) => join(folder, name))
  .filter((path) => statSync(path).isDirectory())
  .flatMap((path) => readdirSync(path).map((name) => join(path, name)))

const typical = protocolNames.flatMap((protocol) => [
  aCapture({ protocol, stream: true }),
  aCapture({ protocol, stream: false }),
])

describe('every detector', () => {
  test('has a code of its own, in snake case', () => {
    const codes = detectors.map(({ code }) => code)
    expect(new Set(codes).size).toBe(codes.length)
    for (const code of codes) expect(code).toMatch(/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/)
  })

  test('has a one-line summary, a severity, and looks at exchanges or at gaps', () => {
    for (const { code, summary, severity, find, findGap } of detectors) {
      expect(summary, code).toMatch(/^[A-Z].{10,100}[^.]$/)
      expect(severities, code).toContain(severity)
      expect(find ?? findGap, code).toBeDefined()
    }
  })

  test('stands in a file named after it, in the folder of its group', () => {
    for (const { code } of detectors) {
      const name = `${code.replaceAll('_', '-')}.ts`
      const found = files.find((path) => path.endsWith(`/${name}`))
      expect(found, name).toBeDefined()
      expect(readFileSync(found ?? '', 'utf8'), name).toContain(`code: '${code}'`)
    }
  })

  test('has at least three mutations and two near misses, each with a name of its own', async () => {
    for (const { code } of detectors) {
      const cases = await casesOf(code)
      const names = [...(cases?.mutations ?? []), ...(cases?.nearMisses ?? [])].map(({ name }) => name)
      expect(cases?.mutations.length, code).toBeGreaterThanOrEqual(3)
      expect(cases?.nearMisses.length, code).toBeGreaterThanOrEqual(2)
      expect(new Set(names).size, code).toBe(names.length)
    }
    expect(codesWithCases().sort()).toEqual(detectors.map(({ code }) => code).sort())
  })

  test('is silent about a typical exchange of every protocol', () => {
    for (const capture of typical) expect(issuesOf(detectors, capture)).toEqual([])
  })

  test('never throws, whatever is spoilt, missing or cut', () => {
    const failures = typical
      .flatMap((capture): CaptureDraft[] => spoiltCaptures(capture))
      .flatMap((capture) => issuesOf(detectors, capture))
      .filter(({ code }) => code === 'detector_failed')
      .map(({ evidence }) => `${evidence.detector}: ${evidence.error}`)
    expect([...new Set(failures)]).toEqual([])
  })
})

test('the groups of the catalogue are folders', () => {
  const groups = ['transport', 'retries-and-errors', 'grammar', 'completion', 'tools', 'context', 'security']
  const folders = readdirSync(folder).filter((name) => statSync(join(folder, name)).isDirectory())
  expect(groups).toEqual(expect.arrayContaining(folders))
  expect(existsSync(folder)).toBe(true)
})
