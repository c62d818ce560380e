import { exitCodes } from '../exit-codes.ts'
import { Failure } from '../failure.ts'

interface Fault extends Error {
  code?: string
  tries?: readonly string[]
}

const exits = new Map<string, number>([
  ['file', exitCodes.failed],
  ['usage', exitCodes.usage],
  ['nothing', exitCodes.notDone],
])

/** What went wrong with an invoice, for people; faults are told by name, as their module is no part of the command line. */
export function invoiceFailure(thrown: unknown, file: string): unknown {
  if (!(thrown instanceof Error) || thrown instanceof Failure) return thrown
  const { name, code = '', message, tries = [] } = thrown as Fault
  if (name === 'ReconcileFault') {
    const shown = /^[\w./~+-]+$/.test(file) ? file : JSON.stringify(file)
    const lines = tries.map((line) => line.replace('FILE', shown))
    const text = code === 'file' ? `${file}: ${message}` : message
    return new Failure(text, exits.get(code) ?? exitCodes.failed, lines, thrown)
  }
  if (name === 'ProxyError' && code === 'bad_request')
    return new Failure(message, exitCodes.usage, [], thrown)
  if (code === 'ENOENT') return new Failure(`there is no file ${file}`, exitCodes.failed, [], thrown)
  if (code === 'EISDIR') return new Failure(`${file} is a folder, not a file`, exitCodes.failed, [], thrown)
  return thrown
}
