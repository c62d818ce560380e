import { isObject, type Json, type JsonObject } from '../../core/json.ts'
import { exitCodes } from '../exit-codes.ts'
import { Failure } from '../failure.ts'
import type { SettingPath, SettingsFormat } from './format.ts'

/** JSON without comments. One with comments is refused: writing it back would lose them. */
export const jsonFormat: SettingsFormat = {
  get(text, path) {
    let value: Json | undefined = parsed(text)
    for (const key of path) value = isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined
    return value
  },
  set(text, path, value) {
    const root = parsed(text)
    let place = root
    for (const key of path.slice(0, -1)) place = objectIn(place, key)
    place[path.at(-1) ?? ''] = value
    return printed(root, text)
  },
  remove(text, path) {
    const root = parsed(text)
    removeIn(root, path)
    return printed(root, text)
  },
}

function parsed(text: string): JsonObject {
  if (text.trim() === '') return {}
  let root: unknown
  try {
    root = JSON.parse(text)
  } catch (cause) {
    throw new Failure(`it is not plain JSON (${messageOf(cause)})`, exitCodes.notDone, [], cause)
  }
  if (isObject(root)) return root
  throw new Failure('it is not a JSON object', exitCodes.notDone)
}

function objectIn(place: JsonObject, key: string): JsonObject {
  const found = Object.hasOwn(place, key) ? place[key] : undefined
  if (isObject(found)) return found
  const made: JsonObject = {}
  place[key] = made
  return made
}

/** Objects that the removal leaves empty go as well: they were made for the value. */
function removeIn(place: JsonObject, path: SettingPath): void {
  const [key, ...rest] = path
  if (key === undefined || !Object.hasOwn(place, key)) return
  const inner = place[key]
  if (rest.length > 0 && isObject(inner)) {
    removeIn(inner, rest)
    if (Object.keys(inner).length > 0) return
  } else if (rest.length > 0) return
  delete place[key]
}

function printed(root: JsonObject, before: string): string {
  const indent = /^\{\r?\n([ \t]+)"/.exec(before)?.[1] ?? '  '
  const end = before === '' || before.endsWith('\n') ? '\n' : ''
  return JSON.stringify(root, null, indent) + end
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause)
}
