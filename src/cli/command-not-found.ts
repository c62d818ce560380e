import type { Hook } from '@oclif/core'
import { nearest } from '../core/nearest.ts'
import { exitCodes } from './exit-codes.ts'
import { failureText } from './failure.ts'

/** Names the nearest command. Never runs it: a guess must not be done silently. */
const commandNotFound: Hook.CommandNotFound = ({ config, id }) => {
  const words = (text: string) => text.replaceAll(':', ' ')
  const ids = config.commands.filter((command) => command.hidden !== true).map((command) => words(command.id))
  const near = nearest(words(id), ids)
  const question = near === undefined ? '' : `; did you mean ${near}?`
  const text = failureText({
    message: `unknown command ${words(id)}${question}`,
    tries: [near === undefined ? `${config.bin} --help` : `${config.bin} ${near} --help`],
  })
  process.stderr.write(`${text}\n`)
  process.exit(exitCodes.usage)
}

export default commandNotFound
