import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { version } from '../../src/server/version.ts'
import { tempFolder } from '../support/temp-folder.ts'

/** Runs `npm test`'s script on these test files, in a folder that borrows what is installed and built. */
function runTests(files: Record<string, string>) {
  const folder = tempFolder()
  for (const name of ['node_modules', 'dist', 'src', 'tsconfig.build.json']) {
    symlinkSync(join(process.cwd(), name), join(folder, name))
  }
  for (const name of ['scripts', 'package.json', 'package-lock.json', 'tsconfig.json', 'vitest.config.ts']) {
    cpSync(name, join(folder, name), { recursive: true, preserveTimestamps: true })
  }
  // Newer than every source, so that nothing is built.
  cpSync('oclif.manifest.json', join(folder, 'oclif.manifest.json'))
  mkdirSync(join(folder, 'test/support'), { recursive: true })
  for (const name of ['openapi', 'openapi.ts']) {
    symlinkSync(join(process.cwd(), 'test/support', name), join(folder, 'test/support', name))
  }
  for (const [name, text] of Object.entries(files)) {
    writeFileSync(join(folder, 'test', name), `import { expect, test } from 'vitest'\n${text}`)
  }
  const { status, stdout } = spawnSync(process.execPath, ['scripts/test.js'], {
    cwd: folder,
    encoding: 'utf8',
    env: { PATH: process.env.PATH, HOME: folder },
  })
  return { status, last: stdout.trimEnd().split('\n').at(-1) }
}

const passing = "test('a', () => expect(1).toBe(1))\n"

test('a green run ends with the count of its tests', () => {
  expect(runTests({ 'a.test.ts': passing })).toEqual({ status: 0, last: '1 passed, 0 failed' })
})

test('a failed test, and a file that cannot be loaded, each count and fail the run', () => {
  const { status, last } = runTests({
    'a.test.ts': `${passing}test('b', () => expect(1).toBe(2))\n`,
    'broken.test.ts': "throw new Error('not loaded')\n",
  })
  expect(status).not.toBe(0)
  expect(last).toBe('1 passed, 2 failed')
})

test('no test at all is a failure', () => {
  const { status, last } = runTests({})
  expect(status).not.toBe(0)
  expect(last).toBe('0 passed, 1 failed')
})

test('a proxy that answers otherwise than documented fails the test that asked it, whatever that expects', () => {
  const asking = `
    import { createServer } from 'node:http'
    test('a', async () => {
      const server = createServer((_, response) =>
        response.setHeader('x-llmproxy-version', '${version}').setHeader('content-type', 'application/json').end('{"status":"fine"}'))
      await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
      expect((await fetch('http://127.0.0.1:' + server.address().port + '/healthz')).status).toBe(200)
      server.close()
    })`
  const { status, last } = runTests({ 'a.test.ts': asking })
  expect(status).not.toBe(0)
  expect(last).toBe('0 passed, 1 failed')
})
