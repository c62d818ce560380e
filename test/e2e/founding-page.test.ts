import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { runProgram, startProgram } from '../support/run-program.ts'
import { tempFolder } from '../support/temp-folder.ts'

// The page's own words, comments included.
const monitoring = `# Health checks (enabled by default)
health_check:
  enabled: true
  circuit_breaker_enabled: true
  notify_backends: true
  ping:
    enabled: true
    interval_seconds: 30.0
    failure_threshold: 3
  http:
    enabled: true
    interval_seconds: 60.0
    failure_threshold: 2

# Usage tracking (enabled by default)
usage_tracking:
  enabled: true
  persistence_path: "./var/usage_data.json"
  flush_interval_seconds: 30.0

# Wire capture (disabled by default)
wire_capture:
  enabled: true
  output_dir: "./var/wire_captures"
`
const everyInterface = `# config.yaml
host: "0.0.0.0"  # Bind to all interfaces
auth:
  disable_auth: false  # Keep authentication enabled
`

/** A folder with this `config.yaml`, and a home elsewhere. */
function folderWith(text: string) {
  const folder = tempFolder()
  const home = tempFolder()
  writeFileSync(join(folder, 'config.yaml'), text)
  return { folder, env: { HOME: home, LLMPROXY_HOME: home } }
}

function askDemo(url: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ model: 'demo:echo', messages: [{ role: 'user', content: 'hello' }] }),
  })
}

test.each([
  ['found in the folder', []],
  ['named', ['--config', './config.yaml']],
])("the founding page's YAML block, %s, starts the proxy as it is", async (_, argv) => {
  const { folder, env } = folderWith(monitoring)
  const program = startProgram(['serve', '--port', '0', ...argv], env, folder)
  const [, url = ''] = await program.says(/listens at (http:\S+)/)
  await program.says(/configuration +\S*\/config\.yaml\n/)
  const answer = await askDemo(url)
  expect(answer.status).toBe(200)
  expect(JSON.stringify(await answer.json())).toContain('hello')
  program.process.kill('SIGTERM')
  const { exitCode, stdout, stderr } = await program.ended
  expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: '' })
  expect(stderr).not.toMatch(/not used|unknown key|deprecated/i)
  expect(existsSync(join(env.HOME, 'var'))).toBe(false)
})

test("the block's values are the ones in force, its paths lie beside the file", async () => {
  const { folder, env } = folderWith(monitoring)
  const { stdout, exitCode } = await runProgram(['serve', '--print-config'], env, folder)
  expect(exitCode).toBe(0)
  expect(stdout).toMatch(/flush_interval_seconds: 30 +# file:19$/m)
  expect(stdout).toContain(`persistence_path: "${join(folder, 'var/usage_data.json')}"`)
  expect(stdout).toContain(`output_dir: "${join(folder, 'var/wire_captures')}"`)
})

test('with its lines for all interfaces, it wants an access key and says how', async () => {
  const { folder, env } = folderWith(`${everyInterface}\n${monitoring}`)
  const refused = await runProgram(['serve', '--port', '0'], env, folder)
  expect(refused.exitCode).toBe(2)
  const [, key = ''] = /LLMPROXY_API_KEY=(lp_\w+) llmproxy serve/.exec(refused.stderr) ?? []
  const program = startProgram(['serve', '--port', '0'], { ...env, LLMPROXY_API_KEY: key }, folder)
  const [, port = ''] = await program.says(/listens at http:\S+:(\d+)/)
  const url = `http://127.0.0.1:${port}`
  expect((await askDemo(url)).status).toBe(401)
  expect((await askDemo(url, { 'x-llmproxy-key': key })).status).toBe(200)
})
