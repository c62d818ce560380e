import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { ensureDataFolder } from '../../src/config/data-folder.ts'
import { tempFolder } from '../support/temp-folder.ts'

const modeOf = (path: string) => statSync(path).mode & 0o777

describe('a folder for data', () => {
  test('is made for this user only, with what is missing above it', async () => {
    const folder = tempFolder()
    await ensureDataFolder(join(folder, 'var/captures'))
    expect([modeOf(join(folder, 'var')), modeOf(join(folder, 'var/captures'))]).toEqual([0o700, 0o700])
    expect(existsSync(join(folder, 'var/captures/.gitignore'))).toBe(false)
  })

  test.each([
    ['a work tree', (root: string) => mkdirSync(join(root, '.git'))],
    ['a linked work tree', (root: string) => writeFileSync(join(root, '.git'), 'gitdir: elsewhere')],
  ])('is kept out of git inside %s', async (_, makeGit) => {
    const root = tempFolder()
    makeGit(root)
    await ensureDataFolder(join(root, 'a/b'))
    expect(readFileSync(join(root, 'a/b/.gitignore'), 'utf8')).toBe('*\n')
  })

  test('that is there already stays as it is', async () => {
    const root = tempFolder()
    mkdirSync(join(root, '.git'))
    mkdirSync(join(root, 'mine'), { mode: 0o755 })
    await ensureDataFolder(join(root, 'mine'))
    expect(existsSync(join(root, 'mine/.gitignore'))).toBe(false)
    expect(modeOf(join(root, 'mine'))).toBe(0o755)
  })
})
