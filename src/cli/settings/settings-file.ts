import { createHash } from 'node:crypto'
import { mkdir, readFile, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { type Json, stringAt } from '../../core/json.ts'
import { exitCodes } from '../exit-codes.ts'
import { Failure } from '../failure.ts'
import { readText, replaceFile } from './files.ts'
import type { SettingPath, SettingsFormat } from './format.ts'

/** One value that connects a client, or how it comes from what stands there: lists may hold the user's own items. */
export interface Edit {
  path: SettingPath
  value: Json | ((present: Json | undefined) => Json)
}

/** What `--undo` must know, kept in LLMPROXY_HOME until then. */
interface Receipt {
  file: string
  /** Beside the file; null: there was no file. */
  copy: string | null
  writtenSha256: string
  paths: SettingPath[]
}

/**
 * Makes the edits in `file`. What was there before the first time is kept beside it, in
 * `<file>.before-llmproxy`, until `restoreSettings`. Returns the copy's path, null when there was no file.
 */
export async function writeSettings(
  file: string,
  format: SettingsFormat,
  edits: readonly Edit[],
  receiptFile: string,
): Promise<string | null> {
  const before = await readText(file)
  const earlier = await readReceipt(receiptFile)
  if (earlier !== undefined && earlier.file !== file) throw writtenElsewhere(earlier.file)
  const after = edited(file, before ?? '', format, edits)
  let copy = earlier?.copy ?? null
  if (earlier === undefined && before !== null) {
    copy = `${file}.before-llmproxy`
    await replaceFile(copy, before, 0o600)
  }
  const paths = [...(earlier?.paths ?? []), ...edits.map(({ path }) => path)]
  const receipt: Receipt = { file, copy, writtenSha256: sha256(after), paths }
  await mkdir(join(receiptFile, '..'), { recursive: true, mode: 0o700 })
  // The receipt goes first: settings that were written can then always be taken back.
  await replaceFile(receiptFile, JSON.stringify(receipt), 0o600)
  await replaceFile(file, after)
  return copy
}

function edited(file: string, before: string, format: SettingsFormat, edits: readonly Edit[]): string {
  try {
    return edits.reduce((text, { path, value }) => {
      return format.set(text, path, typeof value === 'function' ? value(format.get(text, path)) : value)
    }, before)
  } catch (error) {
    throw error instanceof Failure ? cannotEdit(file, error) : error
  }
}

/**
 * Takes `writeSettings` back: the copy as it was, or, where the file has been changed since, only our values.
 * Returns which of the two; undefined when there is nothing to take back.
 */
export async function restoreSettings(
  format: SettingsFormat,
  receiptFile: string,
): Promise<{ file: string; whole: boolean } | undefined> {
  const receipt = await readReceipt(receiptFile)
  if (receipt === undefined) return undefined
  const { file, copy } = receipt
  const original = copy === null ? null : await readText(copy)
  const present = await readText(file)
  const whole = present !== null && sha256(present) === receipt.writtenSha256
  if (whole && original === null) await rm(file)
  else if (whole && original !== null) await replaceFile(file, original)
  else if (present !== null)
    await replaceFile(file, withoutOurs(format, present, original ?? '', receipt.paths))
  if (copy !== null) await rm(copy, { force: true })
  await rm(receiptFile)
  return { file, whole }
}

function withoutOurs(
  format: SettingsFormat,
  present: string,
  original: string,
  paths: readonly SettingPath[],
) {
  let text = present
  for (const path of paths) {
    const value = format.get(original, path)
    text = value === undefined ? format.remove(text, path) : format.set(text, path, value)
  }
  return text
}

async function readReceipt(receiptFile: string): Promise<Receipt | undefined> {
  const text = await readFile(receiptFile, 'utf8').catch(() => undefined)
  if (text === undefined) return undefined
  try {
    const receipt: Receipt = JSON.parse(text)
    if (stringAt(receipt, 'file') === undefined || !Array.isArray(receipt.paths))
      throw new Error('not a receipt')
    return receipt
  } catch (cause) {
    throw new Failure(`${receiptFile} cannot be read`, exitCodes.failed, [`rm ${receiptFile}`], cause)
  }
}

function cannotEdit(file: string, why: Failure): Failure {
  return new Failure(
    `${file} is left as it is: ${why.message}`,
    exitCodes.notDone,
    [`add the values to ${basename(file)} by hand; the command without --write prints them`],
    why,
  )
}

function writtenElsewhere(file: string): Failure {
  return new Failure(`${file} was written before and can still be undone`, exitCodes.notDone, [
    'the same command with --undo, then this one again',
  ])
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
