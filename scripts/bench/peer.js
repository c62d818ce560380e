// Another gateway beside ours in the same rounds: Portkey's, from npm, where git does not look. `npm run bench -- --peer`.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { root } from '../prepare.js'
import { freePort } from './processes.js'

const folder = join(root, 'node_modules', '.cache', 'peers', 'portkey')
const program = join(folder, 'node_modules', '@portkey-ai', 'gateway', 'build', 'start-server.js')

/** With what newer versions of its packages make of it, it answers 500 to everything. */
const manifest = {
  name: 'peer',
  private: true,
  dependencies: { '@portkey-ai/gateway': '1.15.2' },
  overrides: { hono: '4.9.7', '@hono/node-server': '1.13.5', '@hono/node-ws': '1.2.0' },
}

export const peerName = `Portkey ${manifest.dependencies['@portkey-ai/gateway']}`

export function isInstalled() {
  return existsSync(program)
}

export function install() {
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest))
  const args = ['install', '--ignore-scripts', '--no-audit', '--no-fund']
  const { status } = spawnSync('npm', args, { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] })
  if (status !== 0) throw new Error(`npm could not install ${peerName}`)
}

/** In front of the provider. What it answers is looked at as everybody's is: any status but 200 ends the measurement. */
export async function startPeer(providerUrl) {
  const port = await freePort()
  const child = spawn(process.execPath, [program, '--headless', `--port=${port}`], { stdio: 'ignore' })
  const url = `http://127.0.0.1:${port}`
  for (let tries = 0; !(await listens(url)); tries++) {
    if (tries === 200 || child.exitCode !== null) throw new Error(`${peerName} did not start`)
    await pause(50)
  }
  const headers =
    `x-portkey-provider: openai\r\nx-portkey-custom-host: ${providerUrl}/v1\r\n` +
    'x-portkey-forward-headers: bench\r\n'
  return {
    url,
    headers,
    cpuMs() {
      const fields = readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(') ')[1].split(' ')
      return (Number(fields[11]) + Number(fields[12])) * 10
    },
    stop() {
      child.kill('SIGKILL')
    },
  }
}

async function listens(url) {
  try {
    await (await fetch(url)).text()
    return true
  } catch {
    return false
  }
}
