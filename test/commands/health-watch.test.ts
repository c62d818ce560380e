import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { afterAll, beforeAll, expect, it, onTestFinished, vi } from 'vitest'
import { anAnswer } from '../cli/health/health-answers.ts'

let server: Server
let port: number

async function listen(at: number): Promise<void> {
  server = createServer((_, answer) => answer.end(JSON.stringify(anAnswer())))
  server.listen(at, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (typeof address === 'object' && address) port = address.port
}
beforeAll(() => listen(0))
afterAll(() => void server.close())

/** The program from src/, in a pipe. */
function watching() {
  const argv = [
    '--import',
    'tsx',
    'bin/dev.js',
    'health',
    '--watch',
    '0.2',
    '--url',
    `http://127.0.0.1:${port}`,
  ]
  const child = spawn(process.execPath, argv, { env: { PATH: process.env.PATH, TZ: 'UTC' } })
  onTestFinished(() => void child.kill('SIGKILL'))
  const seen = { stdout: '', stderr: '' }
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    seen.stdout += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    seen.stderr += text
  })
  return { child, seen, ended: once(child, 'close') }
}

const soon = { timeout: 15_000 }

it('a watch goes on over an outage, and ends quietly on Ctrl-C', async () => {
  const { child, seen, ended } = watching()
  await vi.waitFor(() => expect(seen.stdout.split('● ok').length).toBeGreaterThan(2), soon)
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
  await vi.waitFor(
    () => expect(seen.stdout).toMatch(/^\d\d:\d\d:\d\d {2}✖ no proxy answers at \S+; asking on$/m),
    soon,
  )
  await listen(port)
  await vi.waitFor(() => expect(seen.stdout).toMatch(/it answers again, after \d+ s\n\S+ {2}● ok/), soon)
  child.kill('SIGINT')
  expect(await ended).toEqual([130, null])
  expect(seen.stderr).toBe('')
  expect(seen.stdout).toMatch(/\n\n$/)
}, 60_000)

it('a watch whose reader has gone ends, quietly as well', async () => {
  const { child, seen, ended } = watching()
  await vi.waitFor(() => expect(seen.stdout).toContain('● ok'), soon)
  child.stdout.destroy()
  expect(await ended).toEqual([0, null])
  expect(seen.stderr).toBe('')
}, 60_000)
