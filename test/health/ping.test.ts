import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { createPing, type RunProgram } from '../../src/health/ping.ts'
import { FakeClock } from '../support/fake-clock.ts'
import { tempFolder } from '../support/temp-folder.ts'

const linux = 'linux' as const
const hasPing = spawnSync('ping', ['-c', '1', '-W', '2', '--', '127.0.0.1']).status === 0

describe('ping, with a runner that only listens', () => {
  function listening() {
    const calls: { file: string; args: readonly string[]; env: NodeJS.ProcessEnv }[] = []
    const kill = vi.fn()
    let end: Parameters<RunProgram>[3] = () => {}
    const run: RunProgram = (file, args, { env }, ended) => {
      calls.push({ file, args, env })
      end = ended
      return { kill }
    }
    return { run, calls, kill, end: (...args: Parameters<typeof end>) => end(...args) }
  }

  it.each(['api.example.com', '192.0.2.1', '2001:db8::1', '-f', '--flood', '$(touch x)'])(
    'passes %s as one argument, behind --',
    (host) => {
      const { run, calls } = listening()
      createPing({ clock: new FakeClock(), env: {}, platform: linux, run })(host, 5_000)
      expect(calls).toMatchObject([{ file: 'ping', args: ['-c', '1', '-W', '5', '--', host] }])
    },
  )

  it.each([
    [linux, 100, '1'],
    [linux, 1_500, '2'],
    ['darwin' as const, 1_500, '1500'],
  ])('on %s waits %i ms as -W %s', (platform, timeoutMs, wait) => {
    const { run, calls } = listening()
    createPing({ clock: new FakeClock(), env: {}, platform, run })('a.test', timeoutMs)
    expect(calls[0]?.args).toContain(wait)
  })

  it('passes nothing of the environment but where programs are', () => {
    const { run, calls } = listening()
    const env = { PATH: '/bin', OPENAI_API_KEY: 'sk-secret', LANG: 'de_DE' }
    createPing({ clock: new FakeClock(), env, platform: linux, run })('a.test', 1_000)
    expect(calls[0]?.env).toEqual({ PATH: '/bin', LC_ALL: 'C' })
  })

  it('kills a ping that takes too long and calls it a failure', async () => {
    const clock = new FakeClock()
    const { run, kill, end } = listening()
    const running = createPing({ clock, env: {}, platform: linux, run })('a.test', 2_500)
    clock.advance(2_499)
    expect(kill).not.toHaveBeenCalled()
    clock.advance(1)
    expect(kill).toHaveBeenCalledExactlyOnceWith('SIGKILL')
    end(Object.assign(new Error('killed'), { code: null, signal: 'SIGKILL' }), '', '')
    expect(await running.outcome).toEqual({ kind: 'failure', error: 'no answer within 2.5 s', status: null })
  })

  it('leaves no timer when it ends or is cancelled', () => {
    const clock = new FakeClock()
    const { run, kill, end } = listening()
    const ping = createPing({ clock, env: {}, platform: linux, run })
    ping('a.test', 5_000)
    end(null, '', '')
    expect(clock.pending).toBe(0)
    ping('a.test', 5_000).cancel()
    expect(kill).toHaveBeenCalledOnce()
    expect(clock.pending).toBe(0)
  })

  it('takes a system that cannot start programs for one without ping', async () => {
    const run: RunProgram = () => {
      throw Object.assign(new Error('spawn ENOMEM'), { code: 'ENOMEM' })
    }
    const clock = new FakeClock()
    expect(await createPing({ clock, env: {}, platform: linux, run })('a.test', 5_000).outcome).toEqual({
      kind: 'unavailable',
      reason: 'ping could not be run (ENOMEM)',
    })
    expect(clock.pending).toBe(0)
  })

  it('does not try the ping of Windows, which takes other options', async () => {
    const { run, calls } = listening()
    const { outcome } = createPing({ clock: new FakeClock(), env: {}, platform: 'win32', run })(
      'a.test',
      1_000,
    )
    expect(await outcome).toMatchObject({ kind: 'unavailable' })
    expect(calls).toEqual([])
  })
})

describe('ping, with real programs', () => {
  it('is not available where PATH has none', async () => {
    const ping = createPing({ clock: new FakeClock(), env: { PATH: tempFolder() } })
    expect(await ping('127.0.0.1', 5_000).outcome).toEqual({
      kind: 'unavailable',
      reason: 'there is no program named ping',
    })
  })

  it('is not available where it may not be run', async () => {
    const folder = tempFolder()
    writeFileSync(join(folder, 'ping'), '#!/bin/sh\n')
    const { outcome } = createPing({ clock: new FakeClock(), env: { PATH: folder } })('127.0.0.1', 5_000)
    expect(await outcome).toEqual({ kind: 'unavailable', reason: 'ping may not be run (EACCES)' })
  })

  it('is answered by this machine', async ({ skip }) => {
    if (!hasPing) skip('this machine has no ping, or may not use it')
    const ping = createPing({ clock: new FakeClock(), env: process.env })
    expect(await ping('127.0.0.1', 5_000).outcome).toMatchObject({
      kind: 'success',
      latencyMs: expect.any(Number),
    })
    expect(await ping('no-such-host.invalid', 5_000).outcome).toMatchObject({ kind: 'failure' })
    expect(await ping('-f', 5_000).outcome).toMatchObject({ kind: 'failure' })
  })

  it.each(['cancelled', 'timed out'])('leaves no process behind when %s', async (how) => {
    const folder = tempFolder()
    const pidFile = join(folder, 'pid')
    const path = join(folder, 'ping')
    writeFileSync(
      path,
      `#!/bin/sh\ntrap '' TERM INT HUP\necho $$ > '${pidFile}.new'\n/bin/mv '${pidFile}.new' '${pidFile}'\nexec /bin/sleep 600\n`,
    )
    chmodSync(path, 0o755)
    const clock = new FakeClock()
    const running = createPing({ clock, env: { PATH: folder } })('127.0.0.1', 5_000)
    await vi.waitFor(() => expect(existsSync(pidFile)).toBe(true), 5_000)
    const pid = Number(readFileSync(pidFile, 'utf8'))
    expect(isAlive(pid)).toBe(true)
    if (how === 'cancelled') running.cancel()
    else clock.advance(5_000)
    await running.outcome
    expect(isAlive(pid)).toBe(false)
  })
})

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
