import { spawnSync } from 'node:child_process'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { exportKeyLine, exportLine, shellWord } from '../../../src/cli/clients/shell.ts'

const words = fc.string({ unit: 'grapheme', minLength: 1 }).filter((text) => !/[\0\n\r]/.test(text))

/** What a POSIX shell makes of a script's words, one a line. */
function shell(script: string, env: NodeJS.ProcessEnv = {}): string {
  return spawnSync('sh', ['-c', script], { encoding: 'utf8', env: { PATH: process.env.PATH, ...env } }).stdout
}

test('any text comes out of a shell as it went in', () => {
  // One shell for all of them: starting one takes longer than the rest of the test.
  fc.assert(
    fc.property(fc.array(words, { minLength: 20, maxLength: 40 }), (texts) => {
      expect(shell(`printf '%s\\n' ${texts.map(shellWord).join(' ')}`)).toBe(`${texts.join('\n')}\n`)
    }),
    { numRuns: 10 },
  )
})

test('a plain address stays unquoted', () => {
  expect(exportLine('A', 'http://[::1]:8000/v1')).toBe("export A='http://[::1]:8000/v1'")
  expect(exportLine('A', 'http://127.0.0.1:8000/v1')).toBe('export A=http://127.0.0.1:8000/v1')
})

test('a key that a variable holds reaches the program and is not in the line', () => {
  const line = exportKeyLine('H', 'x-llmproxy-key: ', { value: 'lp_1', variable: 'K' })
  expect(line).not.toContain('lp_1')
  expect(shell(`${line}; printf %s "$H"`, { K: 'lp_1' })).toBe('x-llmproxy-key: lp_1')
})
