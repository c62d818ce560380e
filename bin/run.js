#!/usr/bin/env node
// NO_COLOR is a standard that chalk does not read; FORCE_COLOR=0 tells everything that draws.
if (process.env.NO_COLOR && !process.env.FORCE_COLOR) process.env.FORCE_COLOR = '0'

if (process.argv.length === 3 && ['--version', '-v'].includes(process.argv[2])) {
  // Half the time of loading the command line, and it answers with nothing installed.
  const { readFileSync } = await import('node:fs')
  const { name, version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
  console.log(`${name}/${version} ${process.platform}-${process.arch} node-${process.version}`)
} else {
  if (process.argv[2] === 'run') {
    const { separated } = await import('./run-arguments.js')
    process.argv.splice(3, Number.POSITIVE_INFINITY, ...separated(process.argv.slice(3)))
  }
  const { execute, settings } = await import('../dist/cli/program.js')
  settings.enableAutoTranspile = false // always dist/, whatever NODE_ENV says
  await execute({ dir: import.meta.url })
}
