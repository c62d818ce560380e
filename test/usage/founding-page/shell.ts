import { spawn, spawnSync } from 'node:child_process'

export interface Ran {
  exitCode: number
  stdout: string
  stderr: string
}

/** Fails with what to install. */
export function needPrograms(...names: readonly string[]): void {
  const missing = names.filter((name) => spawnSync(name, ['--version']).error !== undefined)
  if (missing.length === 0) return
  const list = missing.join(' and ')
  throw new Error(
    `these tests run the page's lines with ${list}, which is not installed here: apt-get install ${missing.join(' ')}, or brew install ${missing.join(' ')}`,
  )
}

/** A line as a reader of the page would run it, at this proxy; curl says with its exit code what was refused. */
export function runLine(line: string, proxyUrl: string, folder: string): Promise<Ran> {
  const here = line
    .replace('http://localhost:8000', proxyUrl)
    .replace(/^curl /, 'curl --fail --silent --show-error ')
  return new Promise((resolve, reject) => {
    const child = spawn('sh', ['-c', here], { cwd: folder, env: { PATH: process.env.PATH } })
    const ran: Ran = { exitCode: -1, stdout: '', stderr: '' }
    child.stdout.on('data', (bytes) => {
      ran.stdout += bytes
    })
    child.stderr.on('data', (bytes) => {
      ran.stderr += bytes
    })
    child.once('error', reject)
    child.once('close', (code) => resolve({ ...ran, exitCode: code ?? -1 }))
  })
}

/** What jq printed: one JSON value after the other. */
export function valuesIn(stdout: string): unknown[] {
  return JSON.parse(`[${stdout.trim().replace(/\n(?=[{[\dn"])/g, ',\n')}]`) as unknown[]
}
