import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, statSync, watch } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'
import { tempFolder } from '../../support/temp-folder.ts'
import { captureFiles, chunksOf, readCapture } from './read-capture.ts'

const program = fileURLToPath(new URL('./writing-process.ts', import.meta.url))
const lostAtMostMs = 50
/** Whoever else needs the processor can only make it later: one of so many must be in time. */
const tries = 6

interface Written {
  x: string
  n: number
  atMs: number
}

function startWriting(end: 'killed' | 'throw' | 'exit') {
  const folder = tempFolder()
  const captures = join(folder, 'captures')
  const logFile = join(folder, 'log')
  const child = spawn(process.execPath, ['--import', 'tsx', program, captures, logFile, end], {
    ...{ stdio: 'ignore', env: { PATH: process.env.PATH } },
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const written = (): Written[] =>
    readFileSync(logFile, 'utf8')
      .split('\n')
      .filter(Boolean)
      .map((line) => line.split(' '))
      .map(([x = '', n, atMs]) => ({ x, n: Number(n), atMs: Number(atMs) }))
  return { child, captures, written, hasCaptured: (bytes: number) => grown(child, folder, captures, bytes) }
}

/** Resolves when so many bytes are in the first capture. */
function grown(child: ChildProcess, folder: string, captures: string, bytes: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const watcher = watch(folder, look)
    child.once('exit', (code) => reject(new Error(`it ended with ${code}`)))
    function look() {
      const [file] = existsSync(captures) ? captureFiles(captures) : []
      if (file === undefined || statSync(file).size < bytes) return
      watcher.close()
      resolve()
    }
  })
}

function foundIn(captures: string) {
  const files = captureFiles(captures).map((path) => readCapture(path))
  const records = files.flatMap((file) => file.records)
  const chunks = new Map<string, Map<number, string>>()
  for (let i = 0; i < 4; i++) {
    const found = chunksOf(records, `x_${i}`, 1).map(({ n, bytes }) => [n, bytes.toString()] as const)
    chunks.set(`x_${i}`, new Map(found))
  }
  return { files, records, has: ({ x, n }: Written) => chunks.get(x)?.get(n) === `data: ${x} ${n}\n\n` }
}

/** How old the oldest chunk was that is not on disk. */
async function lostByKillMs(): Promise<number> {
  const { child, captures, written, hasCaptured } = startWriting('killed')
  await hasCaptured(90_000)
  const exited = once(child, 'exit')
  const killedMs = Date.now()
  child.kill('SIGKILL')
  await exited
  const { files, records, has } = foundIn(captures)
  expect(files).toHaveLength(1)
  expect(files[0]?.damaged).toBe(0)
  expect(records.filter(({ k }) => k === 'xo')).toHaveLength(4)
  expect(records.some(({ k }) => k === 'end' || k === 'u')).toBe(false)
  const all = written()
  const firstLost = all.findIndex((chunk) => !has(chunk))
  const lost = firstLost < 0 ? [] : all.slice(firstLost)
  expect(all.length - lost.length).toBeGreaterThan(50)
  // Only the last: there is no hole.
  expect(lost.filter(has)).toEqual([])
  return killedMs - (lost[0]?.atMs ?? killedMs)
}

describe('a process that dies', () => {
  it('by kill -9 has all but its last moments on disk, and its open exchanges can be seen', async () => {
    let best = Number.POSITIVE_INFINITY
    for (let i = 0; i < tries && best > lostAtMostMs; i++) best = Math.min(best, await lostByKillMs())
    expect(best).toBeLessThanOrEqual(lostAtMostMs)
  })

  it.each(['throw', 'exit'] as const)('by %s writes what it still has, and ends the file', async (how) => {
    const { child, captures, written } = startWriting(how)
    const [code] = await once(child, 'exit')
    expect(code).toBe(how === 'exit' ? 3 : 1)
    const { records, has } = foundIn(captures)
    expect(written().filter((chunk) => !has(chunk))).toEqual([])
    expect(records.at(-1)?.k).toBe('end')
  })
})
