import { expect, test } from 'vitest'

// A program's own module, without types.
const file = new URL('../../bin/run-arguments.js', import.meta.url).href
const { separated }: { separated(args: readonly string[]): string[] } = await import(file)

test.each<[string, string]>([
  ['claude --help', '-- claude --help'],
  ['claude', '-- claude'],
  ['--url http://x claude -p --url y', '--url http://x -- claude -p --url y'],
  ['--url=http://x --api-key k -c f claude -c g', '--url=http://x --api-key k -c f -- claude -c g'],
  ['-- claude --help', '-- claude --help'],
  ['claude -- --help', '-- claude -- --help'],
  ['--help', '--help'],
  ['-h claude', '-h -- claude'],
  ['', ''],
])('run %s is read as run %s', (written, read) => {
  const words = (text: string) => text.split(' ').filter((word) => word !== '')
  expect(separated(words(written))).toEqual(words(read))
})
