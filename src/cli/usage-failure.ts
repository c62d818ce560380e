import type { Command } from '@oclif/core'
import { nearest } from '../core/nearest.ts'
import { exitCodes } from './exit-codes.ts'
import { Failure } from './failure.ts'

/**
 * oclif's complaint about flags and arguments as a failure of ours, with the nearest flag; undefined for any
 * other error. They are told by their exit code: not all of them have a class of their own.
 */
export function usageFailure(
  error: Error & { oclif?: { exit?: number } },
  command: Command.Class,
  bin: string,
): Failure | undefined {
  if (error.oclif?.exit !== exitCodes.usage) return undefined
  const help = `${bin} ${command.id.replaceAll(':', ' ')} --help`
  const unknown = 'flags' in error && Array.isArray(error.flags) ? String(error.flags[0]) : undefined
  if (unknown === undefined) {
    const message = oneLine(error.message)
    return new Failure(message + nearestOption(message), exitCodes.usage, [help], error)
  }
  // oclif's own stand in no list of a command's.
  const known = [...Object.keys(command.flags ?? {}), 'help', ...(command.enableJsonFlag ? ['json'] : [])]
  const near = nearest(unknown.replace(/^-+/, ''), known)
  const question = near === undefined ? '' : `; did you mean --${near}?`
  return new Failure(`unknown flag ${unknown}${question}`, exitCodes.usage, [help], error)
}

/** For a value that is none of an argument's: which one is near. */
function nearestOption(message: string): string {
  const [, value, options = ''] = /^Expected (.*) to be one of: (.*)/.exec(message) ?? []
  const near = value === undefined ? undefined : nearest(value, options.split(', '))
  return near === undefined ? '' : `; did you mean ${near}?`
}

function oneLine(message: string): string {
  return message
    .replace(/\n*See more help with --help\s*$/, '')
    .replace(/^Parsing (--\S+)\s+Expected /, '$1: expected ')
    .replace(/\s*\n\s*/g, ' ')
    .trim()
}
