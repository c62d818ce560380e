import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, expect, test } from 'vitest'
import { tempFolder } from './temp-folder.ts'

let fromHook = ''
const earlier: string[] = []
beforeEach(() => {
  fromHook = tempFolder()
})

test('makes a new folder each time, in hooks too', () => {
  const folders = [tempFolder(), tempFolder(), fromHook]
  for (const folder of folders) writeFileSync(join(folder, 'file'), 'x')
  expect(new Set(folders).size).toBe(3)
  earlier.push(...folders)
})

test('the folders of the test before are gone', () => {
  expect(earlier).toHaveLength(3)
  expect(earlier.filter((folder) => existsSync(folder))).toEqual([])
})
