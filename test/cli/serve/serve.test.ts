import { EventEmitter } from 'node:events'
import { expect, test } from 'vitest'
import { type ServeOptions, serve } from '../../../src/cli/serve/serve.ts'
import { type LoadedConfig, loadConfig } from '../../../src/config/load.ts'
import { tempFolder } from '../../support/temp-folder.ts'

/** `serve` over a proxy that only notes what is asked of it, in a process that the test plays. */
function aServe(overrides: Partial<Pick<ServeOptions, 'start'>> = {}) {
  const folder = tempFolder()
  const env = { HOME: folder, LLMPROXY_HOME: folder }
  const stderr = Object.assign(new EventEmitter(), {
    text: '',
    write(chunk: string) {
      stderr.text += chunk
      return true
    },
  })
  const process = Object.assign(new EventEmitter(), { env, stderr })
  const calls = { loads: 0, faults: [] as unknown[] }
  let reload: () => Promise<LoadedConfig> = () => Promise.reject(new Error('not started'))
  const ended = serve({
    load: async () => {
      calls.loads++
      return { ...(await loadConfig({ env, cwd: folder, knownHosts: [] })), notices: ['a notice'] }
    },
    start: (options) => {
      reload = options.reload
      return Promise.resolve({
        url: 'http://127.0.0.1:1',
        host: '127.0.0.1',
        port: 1,
        backends: [],
        accessKeys: 0,
        ledgerPath: null,
        close: () => Promise.resolve(),
        reload: async () => void (await reload()),
        reportFault: (fault) => calls.faults.push(fault),
      })
    },
    demoDefault: false,
    version: '1.0.0',
    process: process as unknown as ServeOptions['process'],
    ...overrides,
  })
  const listens = () => expect.poll(() => stderr.text).toContain('listens at')
  return { process, stderr, calls, ended, listens }
}

test('notices and the banner go to stderr, and a signal ends it', async () => {
  const { process, stderr, ended, listens } = aServe()
  await listens()
  expect(stderr.text).toMatch(/^a notice\nllmproxy 1\.0\.0 listens at/)
  process.emit('SIGINT', 'SIGINT')
  expect(await ended).toBe(0)
})

test.each(['uncaughtException', 'unhandledRejection'])('an %s is logged and ends nothing', async (event) => {
  const { process, calls, ended, listens } = aServe()
  await listens()
  const fault = new Error('one exchange')
  process.emit(event, fault)
  expect(calls.faults).toEqual([fault])
  process.emit('SIGTERM', 'SIGTERM')
  expect(await ended).toBe(0)
})

test('a reload loads the configuration again', async () => {
  const { process, calls, listens } = aServe()
  await listens()
  process.emit('SIGHUP', 'SIGHUP')
  await expect.poll(() => calls.loads).toBe(2)
})

test('a broken log pipe is no fault', async () => {
  const { stderr, listens } = aServe()
  await listens()
  expect(() => stderr.emit('error', new Error('EPIPE'))).not.toThrow()
})

test('what keeps it from listening is explained; any other error is passed on as it is', async () => {
  const denied = Object.assign(new Error('listen'), { code: 'EACCES' })
  await expect(aServe({ start: () => Promise.reject(denied) }).ended).rejects.toThrow(/port 8000 is not open/)
  const fault = new Error('something else')
  await expect(aServe({ start: () => Promise.reject(fault) }).ended).rejects.toBe(fault)
})
