import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { installedNode, lowestNode } from '../support/supported-nodes.ts'
import { tempFolder } from '../support/temp-folder.ts'

const run = promisify(execFile)
const root = fileURLToPath(new URL('../..', import.meta.url))
const mostInstalledMb = 150

it('the package installs into an empty folder on the lowest Node, carries the versions that were tested, and serves', async () => {
  const folder = tempFolder()
  const node = installedNode(lowestNode)
  expect(node.version).toBe(`v${lowestNode}`)
  const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', folder], { cwd: root })
  const [packed] = JSON.parse(stdout.slice(stdout.indexOf('[')))
  expect(packed.files.map(({ path }: { path: string }) => path)).toContain('npm-shrinkwrap.json')
  expect(existsSync(join(root, 'npm-shrinkwrap.json'))).toBe(false)

  const app = join(folder, 'app')
  mkdirSync(app)
  writeFileSync(join(app, 'package.json'), '{ "private": true }')
  const env = { ...process.env, PATH: `${dirname(node.path)}${delimiter}${process.env.PATH}`, HOME: folder }
  await run('npm', ['install', '--engine-strict', '--no-audit', '--no-fund', join(folder, packed.filename)], {
    cwd: app,
    env,
  })
  const installedMb = sizeOf(join(app, 'node_modules')) / 1e6
  console.log(`packed ${(packed.size / 1e6).toFixed(1)} MB; installed ${installedMb.toFixed(0)} MB`)
  expect(installedMb).toBeLessThanOrEqual(mostInstalledMb)

  const program = join(app, 'node_modules', '.bin', 'llmproxy')
  const serve = spawn(program, ['serve', '--demo', '--port', '0'], {
    cwd: app,
    env: { PATH: env.PATH, HOME: folder, LLMPROXY_HOME: join(folder, 'home') },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  try {
    const url = await addressOf(serve.stderr)
    const answer = await fetch(`${url}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'demo:echo', messages: [{ role: 'user', content: 'packed' }] }),
    })
    expect(JSON.stringify(await answer.json())).toContain('packed')
  } finally {
    serve.kill('SIGTERM')
    await once(serve, 'exit')
  }
})

async function addressOf(output: NodeJS.ReadableStream): Promise<string> {
  for await (const line of createInterface({ input: output })) {
    const [url] = /http:\/\/127\.0\.0\.1:\d+/.exec(line) ?? []
    if (url) return url
  }
  throw new Error('it ended before it listened')
}

function sizeOf(path: string): number {
  const stats = statSync(path, { throwIfNoEntry: false })
  if (!stats?.isDirectory()) return stats?.size ?? 0
  return readdirSync(path).reduce((sum, name) => sum + sizeOf(join(path, name)), 0)
}
