import type { Hook } from '@oclif/core'
import { nearest } from '../core/nearest.ts'
import { exitCodes } from './exit-codes.ts'
import { failureText } from './failure.ts'

/** Names the nearest command. Never runs it: a guess must not be done silently. */
const commandNotFound: Hook.CommandNotFound = ({ config, id }) => {
  const asked = spaced(id)
  const ids = config.commands.filter((command) => command.hidden !== true).map(({ id }) => spaced(id))
  const near = nearest(asked, ids) ?? ids.find((known) => asked === `help ${known}`)
  // A command without arguments, and more words behind it: oclif takes them all for its name.
  const shorter = ids.find((name) => asked.startsWith(`${name} `))
  const known = shorter !== undefined && near?.startsWith(`${shorter} `) ? undefined : shorter
  const question = near === undefined ? '' : `; did you mean ${near}?`
  const message =
    known === undefined
      ? `unknown command ${asked}${question}`
      : `${known} takes no argument ${asked.slice(known.length + 1)}`
  const next = known ?? near
  const text = failureText({
    message,
    tries: [next === undefined ? `${config.bin} --help` : `${config.bin} ${next} --help`],
  })
  process.stderr.write(`${text}\n`)
  process.exit(exitCodes.usage)
}

function spaced(id: string): string {
  return id.replaceAll(':', ' ')
}

export default commandNotFound
