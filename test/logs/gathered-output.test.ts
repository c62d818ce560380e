import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, it, vi } from 'vitest'
import { gatheredOutput } from '../../src/logs/gathered-output.ts'

const lines = (count: number) => Array.from({ length: count }, (_, i) => `line ${i}\n`)

it('writes a line as it comes while there are few', () => {
  const written: string[] = []
  const write = gatheredOutput((text) => written.push(text))
  for (const line of lines(8)) write(line)
  expect(written).toEqual(lines(8))
})

it('writes those of a busy moment together, all and in order', async () => {
  const written: string[] = []
  const write = gatheredOutput((text) => written.push(text))
  for (const line of lines(5000)) write(line)
  await vi.waitFor(() => expect(written.join('')).toBe(lines(5000).join('')))
  expect(written).toHaveLength(9)
})

it('loses nothing when the process ends at once', async () => {
  const module = new URL('../../src/logs/gathered-output.ts', import.meta.url).href
  const script = `
    import { writeSync } from 'node:fs'
    import { gatheredOutput } from ${JSON.stringify(module)}
    const write = gatheredOutput((text) => writeSync(1, text))
    for (let i = 0; i < 100; i++) write('line ' + i + '\\n')
    process.exit(1)`
  const args = ['--import', 'tsx', '--input-type=module', '-e', script]
  const ended = await promisify(execFile)(process.execPath, args).catch((error) => error)
  expect(ended).toMatchObject({ code: 1, stdout: lines(100).join('') })
})
