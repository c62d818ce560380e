// `npm start`: from a fresh clone to a running proxy. Arguments after `--` are those of `llmproxy serve`.
import { join } from 'node:path'
import { prepare, root } from './prepare.js'

prepare()

// In this process, not in a child: signals then reach the proxy once from each sender, and exit codes are its own.
process.argv.splice(1, 1, join(root, 'bin/run.js'), 'serve')
await import('../bin/run.js')
