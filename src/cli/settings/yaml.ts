import type { Document } from 'yaml'
import type { Json } from '../../core/json.ts'
import { exitCodes } from '../exit-codes.ts'
import { Failure } from '../failure.ts'
import type { SettingsFormat } from './format.ts'

/** YAML through its document model, which keeps comments. The package is loaded only for a client that needs it. */
export async function loadYamlFormat(): Promise<SettingsFormat> {
  const { parseDocument } = await import('yaml')
  const open = (text: string): Document => {
    const document = parseDocument(text)
    const [fault] = document.errors
    if (fault !== undefined) {
      throw new Failure(`it is not good YAML (${fault.message.split('\n')[0]})`, exitCodes.notDone)
    }
    return document
  }
  return {
    get(text, path) {
      const root: unknown = open(text).toJS()
      let value = root as Json | undefined
      for (const key of path)
        value = typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined
      return value
    },
    set(text, path, value) {
      const document = open(text)
      document.setIn(path, document.createNode(value))
      return document.toString()
    },
    remove(text, path) {
      const document = open(text)
      document.deleteIn(path)
      return document.contents === null || Object.keys(document.toJS() ?? {}).length === 0
        ? ''
        : document.toString()
    },
  }
}
