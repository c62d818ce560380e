import type { ChalkInstance } from 'chalk'
import type { Json, JsonObject } from '../core/json.ts'
import { isObject, stringAt } from '../core/json.ts'
import { printable } from '../core/printable.ts'
import { clockTime } from './format.ts'

/** The field that holds what to print in place of message and fields. Never in JSON. */
export const lineField = 'pretty_line'

const maxValueLength = 300
const maxMessageLength = 1000
const hidden = new Set(['level', 'time', 'msg', 'err', lineField])

/** A log record as a short line for people, without a line break; the stack of a fault of ours below it. */
export function prettyLine(record: JsonObject, chalk: ChalkInstance): string {
  const level = stringAt(record, 'level') ?? 'info'
  const own = stringAt(record, lineField)
  if (own !== undefined) return paint(printable(own, maxMessageLength), level, chalk)
  const parts = [
    chalk.dim(clockTime(Date.parse(stringAt(record, 'time') ?? ''))),
    glyph(level, chalk),
    paint(printable(stringAt(record, 'msg') ?? '', maxMessageLength), level, chalk),
    ...fieldsOf(record, chalk),
  ]
  return [parts.filter((part) => part !== '').join(' '), ...faultOf(record)].join('\n')
}

function glyph(level: string, chalk: ChalkInstance): string {
  if (level === 'error') return chalk.red('✖')
  if (level === 'warn') return chalk.yellow('!')
  return level === 'debug' ? chalk.dim('·') : ''
}

function paint(text: string, level: string, chalk: ChalkInstance): string {
  if (level === 'error') return chalk.red(text)
  if (level === 'warn') return chalk.yellow(text)
  return level === 'debug' ? chalk.dim(text) : text
}

function fieldsOf(record: JsonObject, chalk: ChalkInstance): string[] {
  const shown = Object.entries(record).filter(([key, value]) => !hidden.has(key) && value !== null)
  return shown.map(([key, value]) => `${chalk.dim(`${printable(key, 60)}=`)}${valueText(value)}`)
}

function valueText(value: Json | undefined): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  const shown = printable(text ?? '', maxValueLength)
  return typeof value === 'string' && /[\s"]|^$/.test(shown) ? JSON.stringify(shown) : shown
}

/** An error that was logged: what it says, and where it came from. */
function faultOf(record: JsonObject): string[] {
  const error = record.err
  if (!isObject(error)) return []
  const text = stringAt(error, 'stack') ?? stringAt(error, 'message') ?? ''
  return text.split('\n').map((line) => `  ${printable(line, maxMessageLength)}`)
}
