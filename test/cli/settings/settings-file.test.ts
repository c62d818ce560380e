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
import { expect, test } from 'vitest'
import { jsonFormat } from '../../../src/cli/settings/json.ts'
import { restoreSettings, writeSettings } from '../../../src/cli/settings/settings-file.ts'
import { tempFolder } from '../../support/temp-folder.ts'

/** A settings file (with `text`, or none) and where the receipt goes. */
function aSettingsFile(text?: string) {
  const folder = tempFolder()
  const file = join(folder, 'client', 'settings.json')
  if (text !== undefined) {
    mkdirSync(join(folder, 'client'))
    writeFileSync(file, text)
  }
  const receipt = join(folder, 'home', 'connect', 'client.json')
  const write = (value: string) => writeSettings(file, jsonFormat, [{ path: ['env', 'URL'], value }], receipt)
  return { folder, file, receipt, write, undo: () => restoreSettings(jsonFormat, receipt) }
}

const read = (path: string) => readFileSync(path, 'utf8')
const mode = (path: string) => statSync(path).mode & 0o777

test('undo brings back every byte of the file as it was, and leaves nothing behind', async () => {
  const before = '{"b":1,   "a":[ ]}'
  const { file, write, undo } = aSettingsFile(before)
  const copy = await write('http://a')
  expect(copy && read(copy)).toBe(before)
  expect(JSON.parse(read(file)).env.URL).toBe('http://a')
  expect(await undo()).toEqual({ file, whole: true })
  expect(read(file)).toBe(before)
  expect(readdirSync(join(file, '..'))).toEqual(['settings.json'])
  expect(await undo()).toBeUndefined()
})

test('undo removes a file that was made', async () => {
  const { file, write, undo } = aSettingsFile()
  expect(await write('http://a')).toBeNull()
  await undo()
  expect(existsSync(file)).toBe(false)
})

test('after a second write the copy is still the first one', async () => {
  const { file, write, undo } = aSettingsFile('{"mine":1}')
  await write('http://a')
  await write('http://b')
  expect(JSON.parse(read(file)).env.URL).toBe('http://b')
  await undo()
  expect(read(file)).toBe('{"mine":1}')
})

test('what the client changed since stays, and a value that was there before comes back', async () => {
  const { file, write, undo } = aSettingsFile('{"env":{"URL":"mine"}}')
  await write('http://a')
  writeFileSync(file, JSON.stringify({ ...JSON.parse(read(file)), later: true }))
  expect(await undo()).toEqual({ file, whole: false })
  expect(JSON.parse(read(file))).toEqual({ env: { URL: 'mine' }, later: true })
})

test('permissions and links are kept; copy and receipt are for their owner only', async () => {
  const { folder, receipt, file } = aSettingsFile('{}')
  chmodSync(file, 0o644)
  const link = join(folder, 'link.json')
  symlinkSync(file, link)
  const copy = await writeSettings(link, jsonFormat, [{ path: ['a'], value: 1 }], receipt)
  expect(JSON.parse(read(file))).toEqual({ a: 1 })
  expect(mode(file)).toBe(0o644)
  expect([copy, receipt].map((path) => path && mode(path))).toEqual([0o600, 0o600])
})

test('a new file is for its owner only: it may hold an access key', async () => {
  const { file, write } = aSettingsFile()
  await write('http://a')
  expect(mode(file)).toBe(0o600)
})

test('a file that cannot be edited is left as it is, and nothing is written beside it', async () => {
  const { file, receipt, write } = aSettingsFile('{ // mine\n}')
  await expect(write('http://a')).rejects.toThrow(`${file} is left as it is`)
  expect(read(file)).toBe('{ // mine\n}')
  expect(readdirSync(join(file, '..'))).toEqual(['settings.json'])
  expect(existsSync(receipt)).toBe(false)
})

test('a file elsewhere is not written before the earlier one is undone: its copy would be forgotten', async () => {
  const { folder, receipt, write } = aSettingsFile('{}')
  await write('http://a')
  const elsewhere = join(folder, 'other.json')
  const second = writeSettings(elsewhere, jsonFormat, [{ path: ['a'], value: 1 }], receipt)
  await expect(second).rejects.toThrow('can still be undone')
  expect(existsSync(elsewhere)).toBe(false)
})

test('an edit may build on what stands there', async () => {
  const { file, receipt } = aSettingsFile('{"list":["mine"]}')
  const value = (present: unknown) => [...(Array.isArray(present) ? present : []), 'ours']
  await writeSettings(file, jsonFormat, [{ path: ['list'], value }], receipt)
  expect(JSON.parse(read(file))).toEqual({ list: ['mine', 'ours'] })
})
