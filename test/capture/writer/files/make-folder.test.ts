import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { makeCaptureFolder } from '../../../../src/capture/writer/files/make-folder.ts'
import { tempFolder } from '../../../support/temp-folder.ts'

const modeOf = (path: string) => statSync(path).mode & 0o777
const source = fileURLToPath(new URL('../../../../src/capture/writer/files/make-folder.ts', import.meta.url))

describe('a folder for captures', () => {
  it('is made for this user only, with what is missing above it', () => {
    const folder = tempFolder()
    makeCaptureFolder(join(folder, 'var/captures'))
    expect([modeOf(join(folder, 'var')), modeOf(join(folder, 'var/captures'))]).toEqual([0o700, 0o700])
    expect(readdirSync(join(folder, 'var/captures'))).toEqual([])
  })

  it.each([
    ['a work tree', (root: string) => mkdirSync(join(root, '.git'))],
    ['a linked work tree', (root: string) => writeFileSync(join(root, '.git'), 'gitdir: elsewhere')],
  ])('that is made inside %s is kept out of git', (_, makeGit) => {
    const root = tempFolder()
    makeGit(root)
    makeCaptureFolder(join(root, 'a/b'))
    expect(readFileSync(join(root, 'a/b/.gitignore'), 'utf8')).toBe('*\n')
    expect(existsSync(join(root, 'a/.gitignore'))).toBe(false)
  })

  it('that is there is somebody’s and stays as it is, also behind a link', () => {
    const root = tempFolder()
    mkdirSync(join(root, '.git'))
    mkdirSync(join(root, 'mine'))
    chmodSync(join(root, 'mine'), 0o755)
    symlinkSync(join(root, 'mine'), join(root, 'link'))
    for (const folder of [root, join(root, 'mine'), join(root, 'link')]) makeCaptureFolder(folder)
    expect(readdirSync(root).sort()).toEqual(['.git', 'link', 'mine'])
    expect([readdirSync(join(root, 'mine')), modeOf(join(root, 'mine'))]).toEqual([[], 0o755])
  })

  it.each([
    ['a file', (path: string) => writeFileSync(path, 'of somebody'), 'EEXIST'],
    ['a link to nowhere', (path: string) => symlinkSync('/nowhere/at/all', path), 'EEXIST'],
  ])('is not made where %s is', (_, put, code) => {
    const path = join(tempFolder(), 'captures')
    put(path)
    expect(() => makeCaptureFolder(path)).toThrow(expect.objectContaining({ code }))
  })

  // Where Node's own way never comes back.
  it.skipIf(!existsSync('/proc/self'))('is not made in a folder that takes none', () => {
    const program = `import { makeCaptureFolder } from ${JSON.stringify(source)}; makeCaptureFolder('/proc/captures/here')`
    const { status, stderr } = spawnSync(
      process.execPath,
      ['--import', 'tsx', '--input-type=module', '-e', program],
      {
        ...{ encoding: 'utf8', timeout: 15_000, killSignal: 'SIGKILL' },
      },
    )
    expect([status, stderr]).toEqual([1, expect.stringContaining('ENOENT')])
  })
})
