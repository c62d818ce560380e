// Whether a line that begins with `llmproxy` is one that the program knows, and whether it can be run to its end.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../prepare.js'

const everywhere = new Set(['--help', '-h', '--version', '-v', '--json'])

/**
 * What is wrong with the words of a line, by the program's manifest.
 *
 * @param {string} line
 * @param {string} [checkout] the one that has been built
 * @returns {string | null}
 */
export function faultOf(line, checkout = root) {
  const { commands } = JSON.parse(readFileSync(join(checkout, 'oclif.manifest.json'), 'utf8'))
  const [, ...words] = shellWords(line)
  // What stands behind `run CLIENT` is the client's.
  const own = words[0] === 'run' ? words.slice(0, 2) : words
  const names = own.filter((word) => !word.startsWith('-'))
  const id = [3, 2, 1]
    .map((count) => names.slice(0, count).join(':'))
    .find((name) => Object.hasOwn(commands, name))
  if (id === undefined) {
    return names.length === 0 || isTopic(names[0], commands) ? null : `there is no command ${names.join(' ')}`
  }
  const flags = Object.values(commands[id].flags)
  const known = new Set(
    flags.flatMap(({ name, char, aliases = [] }) => [
      `--${name}`,
      `-${char}`,
      ...aliases.map((each) => `--${each}`),
    ]),
  )
  const unknown = own
    .filter((word) => /^-{1,2}[a-z]/i.test(word))
    .map((word) => word.split('=')[0])
    .find((flag) => !known.has(flag) && !everywhere.has(flag))
  return unknown === undefined ? null : `${id.replaceAll(':', ' ')} has no flag ${unknown}`
}

/**
 * Why a line is not run; null where it can be.
 *
 * @param {string} line
 * @returns {string | null}
 */
export function whyNotRun(line) {
  if (/[…<]|\b(FILE|ID|NAME|DIR|MODEL|CLIENT)\b|\bx_\w/.test(line)) return 'it stands for something else'
  if (/^llmproxy (serve|run)\b/.test(line)) return 'it does not end'
  if (/--(watch|follow|live)\b/.test(line) || /^llmproxy capture mock\b/.test(line)) return 'it does not end'
  if (/^llmproxy top\b/.test(line) && !/--once\b/.test(line)) return 'it needs a terminal'
  if (/--write\b|--undo\b/.test(line)) return 'it changes settings'
  return null
}

function isTopic(name, commands) {
  return Object.keys(commands).some((id) => id.startsWith(`${name}:`))
}

/** The words of a line up to its first pipe or redirection, quotes taken off. */
function shellWords(line) {
  const words = line.match(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g) ?? []
  const end = words.findIndex((word) => /^(\||>|>>|&&|;|#)$/.test(word))
  return words.slice(0, end < 0 ? undefined : end).map((word) => word.replace(/["']/g, ''))
}
