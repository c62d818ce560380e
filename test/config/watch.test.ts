import { renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { watchConfig } from '../../src/config/watch.ts'
import type { Clock } from '../../src/core/clock.ts'
import { tempFolder } from '../support/temp-folder.ts'

/** A clock whose timers run when the test says so; tells when one has begun to wait. */
function manualClock() {
  let waiting: (() => void)[] = []
  let told: (() => void) | undefined
  const clock: Clock = {
    nowMs: () => 0,
    monotonicNs: () => 0,
    after(_delayMs, run) {
      waiting.push(run)
      told?.()
      return { cancel: () => (waiting = waiting.filter((other) => other !== run)) }
    },
  }
  return {
    clock,
    /** Waits for the system to report a change, then lets the settling time pass. */
    async settle() {
      if (waiting.length === 0) await new Promise<void>((resolve) => (told = resolve))
      const due = waiting
      waiting = []
      for (const run of due) run()
    },
    pending: () => waiting.length,
  }
}

function watching(text = 'port: 1') {
  const folder = tempFolder()
  const file = join(folder, 'config.yaml')
  writeFileSync(file, text)
  const { clock, settle, pending } = manualClock()
  let changes = 0
  let heard: (() => void) | undefined
  const watch = watchConfig(
    file,
    () => {
      changes++
      heard?.()
    },
    clock,
  )
  onTestFinished(() => watch.close())
  return {
    folder,
    file,
    watch,
    settle,
    pending,
    changes: () => changes,
    /** Lets time pass with each reported change until the watcher has called. */
    async heard() {
      const before = changes
      const called = new Promise<void>((resolve) => (heard = resolve))
      while (changes === before) await Promise.race([called, settle().then(() => new Promise(setImmediate))])
    },
  }
}

describe('watching the file', () => {
  test('tells of a file written in place', async () => {
    const { file, heard, changes } = watching()
    writeFileSync(file, 'port: 22')
    await heard()
    expect(changes()).toBe(1)
  })

  test('tells of a file replaced as editors do, again and again', async () => {
    const { folder, file, heard, changes } = watching()
    for (const port of [22, 333, 4444]) {
      writeFileSync(join(folder, 'config.yaml~'), `port: ${port}`)
      renameSync(join(folder, 'config.yaml~'), file)
      await heard()
    }
    expect(changes()).toBe(3)
  })

  test('says nothing while the file is gone, and speaks when it is back', async () => {
    const { file, settle, heard, changes } = watching()
    rmSync(file)
    await settle()
    await new Promise(setImmediate)
    expect(changes()).toBe(0)
    writeFileSync(file, 'port: 55555')
    await heard()
    expect(changes()).toBe(1)
  })

  test('says nothing of other files in the folder', async () => {
    const { folder, file, heard, changes } = watching()
    for (let i = 0; i < 20; i++) writeFileSync(join(folder, `usage.db-wal${i}`), 'x')
    writeFileSync(file, 'port: 22')
    await heard()
    expect(changes()).toBe(1)
  })

  test('sees a mounted folder whose link is swapped', async () => {
    const folder = tempFolder()
    writeFileSync(join(folder, 'v1.yaml'), 'port: 1')
    writeFileSync(join(folder, 'v2.yaml'), 'port: 22')
    symlinkSync('v1.yaml', join(folder, '..data'))
    symlinkSync('..data', join(folder, 'config.yaml'))
    const { clock, settle } = manualClock()
    const called = new Promise<void>((resolve) => {
      const watch = watchConfig(join(folder, 'config.yaml'), resolve, clock)
      onTestFinished(() => watch.close())
    })
    symlinkSync('v2.yaml', join(folder, '..new'))
    renameSync(join(folder, '..new'), join(folder, '..data'))
    let done = false
    void called.then(() => (done = true))
    while (!done) await Promise.race([called, settle().then(() => new Promise(setImmediate))])
    expect(done).toBe(true)
  })

  test('is quiet once closed', async () => {
    const { file, watch, changes, pending } = watching()
    watch.close()
    writeFileSync(file, 'port: 22')
    await new Promise(setImmediate)
    expect([changes(), pending()]).toEqual([0, 0])
  })

  test('looks now and then where the folder cannot be watched', () => {
    const file = join(tempFolder(), 'later', 'config.yaml')
    const { clock, pending } = manualClock()
    const watch = watchConfig(file, () => {}, clock)
    expect(pending()).toBe(1)
    watch.close()
    expect(pending()).toBe(0)
  })
})
