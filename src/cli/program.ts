/** What bin/run.js starts: the same oclif as the commands', which a second one would not take for its own. */
export { execute, settings } from '@oclif/core'
