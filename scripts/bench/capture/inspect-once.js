import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { root } from '../../prepare.js'

/** Has the program tell on a fourth stream, at its end, what it took. */
const usage = `import { writeSync } from 'node:fs'
process.on('exit', () => writeSync(3, JSON.stringify(process.resourceUsage())))`

/** Runs the built program once on a file. `home`: a folder of its own. */
export function inspectOnce(file, home) {
  const program = join(root, 'bin/run.js')
  const args = ['--import', `data:text/javascript,${encodeURIComponent(usage)}`, program]
  const startedMs = performance.now()
  const child = spawn(process.execPath, [...args, 'capture', 'inspect', '--detect-issues', file], {
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    env: { ...process.env, HOME: home, LLMPROXY_HOME: home },
  })
  let firstOutputMs = null
  let told = ''
  let complaints = ''
  child.stdout.on('data', () => {
    firstOutputMs ??= performance.now() - startedMs
  })
  child.stderr.on('data', (bytes) => {
    complaints += bytes
  })
  child.stdio[3].on('data', (bytes) => {
    told += bytes
  })
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => {
      if (code !== 0 || told === '') return reject(new Error(`the program ended with ${code}: ${complaints}`))
      const wallS = (performance.now() - startedMs) / 1000
      const { userCPUTime, systemCPUTime, maxRSS } = JSON.parse(told)
      resolve({ wallS, firstOutputMs, cpuS: (userCPUTime + systemCPUTime) / 1e6, rssMb: maxRSS / 1024 })
    })
  })
}
