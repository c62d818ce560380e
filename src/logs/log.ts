import { Chalk } from 'chalk'
import { type Logger, pino } from 'pino'
import type { Config } from '../config/schema.ts'
import { isObject, type Json } from '../core/json.ts'
import { printable } from '../core/printable.ts'
import type { Secrets } from '../core/secrets/secrets.ts'
import { plainTexts } from './plain-texts.ts'
import { lineField, prettyLine } from './pretty.ts'

export type LogLevel = Config['logging']['level']

/** Errors go under `err`, and come out with their stack and causes. */
export type LogFields = Readonly<Record<string, unknown>>

/** `line` makes what the pretty format prints in place of message and fields. */
type Write = (fields: LogFields, message: string, line?: () => string) => void

/** What is told to the operator. Every line is redacted and free of control sequences. */
export interface Log {
  debug: Write
  info: Write
  warn: Write
  error: Write
  /** A log that adds these fields to each line. */
  child(fields: LogFields): Log
  /** Also of every other log with the same root. */
  setLevel(level: LogLevel): void
}

export interface LogOptions {
  level: LogLevel
  format: 'pretty' | 'json'
  /** Takes one line, its line break included. */
  write(line: string): void
  secrets: Secrets
  /** Colours for pretty lines. Default: none. */
  colour?: boolean
}

/** What `logging.format` means on a stream: `auto` is pretty on a terminal, JSON elsewhere. */
export function logFormat(configured: Config['logging']['format'], isTerminal: boolean): 'pretty' | 'json' {
  if (configured !== 'auto') return configured
  return isTerminal ? 'pretty' : 'json'
}

export function createLog(options: LogOptions): Log {
  const chalk = new Chalk({ level: options.colour ? 1 : 0 })
  const pretty = options.format === 'pretty'
  const texts = plainTexts(options.secrets)
  const destination = {
    write(line: string) {
      const clean = holdsNoSecret(line, options.secrets)
      if (clean && !pretty) return options.write(`${printable(line.trimEnd())}\n`)
      const record = clean ? (JSON.parse(line) as Json) : redacted(JSON.parse(line), options.secrets)
      if (pretty && isObject(record)) options.write(`${prettyLine(record, chalk)}\n`)
      else options.write(`${printable(JSON.stringify(record))}\n`)
    },
  }
  const root = pino(
    {
      level: options.level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (level) => ({ level }) },
    },
    destination,
  )
  return logTo(root, null, (level, fields, message, line) => {
    if (pretty) return root[level](line === undefined ? fields : { ...fields, [lineField]: line() }, message)
    if (texts.isPlain(message) && texts.arePlain(fields)) options.write(plainLine(level, fields, message))
    else root[level](fields, message)
  })
}

/** What pino would write of fields without a structure of their own, for a third of its time. */
function plainLine(level: LogLevel, fields: LogFields, message: string): string {
  const begin = `{"level":"${level}","time":"${new Date().toISOString()}"`
  const own = JSON.stringify(fields)
  return `${begin}${own.length > 2 ? `,${own.slice(1, -1)}` : ''},"msg":${JSON.stringify(message)}}\n`
}

type WriteAt = (level: LogLevel, ...line: Parameters<Write>) => void

function logTo(root: Logger, bound: LogFields | null, write: WriteAt): Log {
  const at =
    (level: LogLevel): Write =>
    (fields, message, line) => {
      if (!root.isLevelEnabled(level)) return
      write(level, bound === null ? fields : { ...bound, ...fields }, message, line)
    }
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    child: (fields) => logTo(root, { ...bound, ...fields }, write),
    setLevel(level) {
      root.level = level
    },
  }
}

/**
 * Looks at a record's whole JSON text at once: nearly all lines end here, and taking each apart costs more than the
 * rest of an exchange. Only without escapes does every string stand in the text as it is.
 */
function holdsNoSecret(line: string, secrets: Secrets): boolean {
  return !line.includes('\\') && secrets.redactText(line) === line
}

/** The record with every string in it redacted: before JSON escapes them again, so that none can be cut. */
function redacted(value: Json, secrets: Secrets): Json {
  if (typeof value === 'string') return secrets.redactText(value)
  if (Array.isArray(value)) return value.map((item) => redacted(item, secrets))
  if (!isObject(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [secrets.redactText(key), redacted(item ?? null, secrets)]),
  )
}
