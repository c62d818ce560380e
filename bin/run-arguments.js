/** Flags of `run` that have a value behind them. */
const valued = new Set(['--config', '-c', '--url', '--api-key'])

/**
 * Puts `--` before CLIENT: everything behind it is the client's, `--help` included.
 *
 * @param {readonly string[]} args what stands behind `run`
 * @returns {string[]}
 */
export function separated(args) {
  let at = 0
  while (at < args.length && args[at].startsWith('-')) {
    if (args[at] === '--') return [...args]
    at += valued.has(args[at]) ? 2 : 1
  }
  return at < args.length ? args.toSpliced(at, 0, '--') : [...args]
}
