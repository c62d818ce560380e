/** What the shell sees; `spec/cli.md`, Output. */
export const exitCodes = {
  ok: 0,
  /** The work failed, or a check found something. */
  failed: 1,
  /** Wrong usage: flags, arguments, configuration. */
  usage: 2,
  /** Not done: no proxy there, or refused by a guard. */
  notDone: 3,
  /** As a shell has it for a command that may not be run, and for one that is not there (`llmproxy run`). */
  notRunnable: 126,
  notFound: 127,
  interrupted: 130,
} as const
