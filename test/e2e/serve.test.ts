import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type RunningProgram, runProgram, startProgram } from '../support/run-program.ts'
import { tempFolder } from '../support/temp-folder.ts'

/** `serve` on a free port, in an empty folder that is also its home. */
async function serving(argv: string[] = [], more: NodeJS.ProcessEnv = {}) {
  const folder = tempFolder()
  const env = { HOME: folder, LLMPROXY_HOME: folder, ...more }
  const program = startProgram(['serve', '--port', '0', ...argv], env, folder)
  const [, url = ''] = await program.says(/listens at (http:\S+)/)
  await program.says(/try it now\n +curl .*\n/)
  return { program, url, folder, env }
}

function ask(url: string, content: string, stream = false, model = 'demo:echo'): Promise<Response> {
  return fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model, stream, messages: [{ role: 'user', content }] }),
  })
}

/** A running stream of about `words` × 20 ms, of which the first bytes have come. */
async function aStream(url: string, words: number) {
  const answer = await ask(url, 'word '.repeat(words), true)
  const reader = (answer.body ?? new ReadableStream()).getReader()
  const first = await reader.read()
  return {
    async rest() {
      let text = Buffer.from(first.value ?? []).toString()
      for (let part = await reader.read(); !part.done; part = await reader.read()) {
        text += Buffer.from(part.value).toString()
      }
      return text
    },
  }
}

async function exitCodeAfter(program: RunningProgram, ...signals: NodeJS.Signals[]) {
  for (const signal of signals) {
    program.process.kill(signal)
    await program.says(new RegExp(`${signal}:`))
  }
  return (await program.ended).exitCode
}

test('the printed curl line answers', async () => {
  const { program, url } = await serving()
  const [, line = ''] = await program.says(/try it now\n +(curl .*)\n/)
  const body = /-d '(.*)'/.exec(line)?.[1] ?? ''
  const answer = await fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  })
  expect(line).toContain(`${url}/v1/chat/completions`)
  expect(await answer.json()).toMatchObject({
    choices: [{ message: { content: expect.stringContaining('hello') } }],
  })
})

test('the first signal lets a running stream end and exits with 0', async () => {
  const { program, url } = await serving()
  const stream = await aStream(url, 25)
  const exited = exitCodeAfter(program, 'SIGTERM')
  expect(await stream.rest()).toMatch(/data: \[DONE\]\n\n$/)
  expect(await exited).toBe(0)
  await expect(ask(url, 'more')).rejects.toThrow()
})

test('SIGHUP reads the file again while a stream runs, and a faulty file changes nothing', async () => {
  const folder = tempFolder()
  const file = join(folder, 'mine.yaml')
  const withAlias = (name: string) => `model_aliases: [{pattern: ${name}, replacement: "demo:echo"}]\n`
  writeFileSync(file, withAlias('one'))
  const { program, url } = await serving(['--config', file])
  const stream = await aStream(url, 25)
  const answers = async (model: string) => (await ask(url, 'hi', false, model)).ok
  expect([await answers('one'), await answers('two')]).toEqual([true, false])
  writeFileSync(file, withAlias('two'))
  program.process.kill('SIGHUP')
  await expect.poll(() => answers('two'), { timeout: 5000 }).toBe(true)
  writeFileSync(file, 'prot: 1\n')
  program.process.kill('SIGHUP')
  await program.says(/prot/)
  expect(await answers('two')).toBe(true)
  expect(await answers('one')).toBe(false)
  expect(await stream.rest()).toContain('[DONE]')
})

test('a log that nobody reads any more does not end the proxy', async () => {
  const { program, url } = await serving()
  program.process.stderr?.destroy()
  for (let call = 0; call < 3; call++) expect((await ask(url, 'hi')).status).toBe(200)
})

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('a second signal, %s, ends at once with %i', async (signal, exitCode) => {
  const { program, url } = await serving()
  const stream = await aStream(url, 3000)
  const rest = stream.rest().catch(() => 'cut')
  program.process.kill('SIGTERM')
  await program.says(/SIGTERM: no new requests/)
  program.process.kill(signal)
  expect((await program.ended).exitCode).toBe(exitCode)
  expect(await rest).not.toContain('[DONE]')
})

test('with a JSON log every line of stderr is JSON, from the start to the end', async () => {
  const folder = tempFolder()
  const env = { HOME: folder, LLMPROXY_HOME: folder, LLMPROXY_LOGGING_FORMAT: 'json' }
  const program = startProgram(['serve', '--port', '0'], env, folder)
  const [, url = ''] = await program.says(/"url":"(http:[^"]+)"/)
  await ask(url, 'hi')
  await program.says(/exchange\.closed/)
  program.process.kill('SIGTERM')
  const lines = (await program.ended).stderr.trimEnd().split('\n')
  expect(lines.map((line) => JSON.parse(line).msg)).toEqual([
    'listening',
    'exchange.closed',
    expect.stringMatching(/^SIGTERM: no new requests/),
  ])
})

test('a port that is taken is explained, and nothing else runs', async () => {
  const { url, env, folder } = await serving()
  const port = new URL(url).port
  const second = await runProgram(['serve', '--port', port], env, folder)
  expect(second.exitCode).toBe(3)
  expect(second.stderr).toMatch(/^error: llmproxy already runs there: version \S+ at http/)
  expect(second.stderr).toContain(`try: llmproxy serve --port ${Number(port) + 1}`)
})

test('beyond loopback without an access key it refuses and prints the line that works', async () => {
  const folder = tempFolder()
  const env = { HOME: folder, LLMPROXY_HOME: folder }
  const refused = await runProgram(['serve', '--host', '0.0.0.0', '--port', '0'], env, folder)
  expect(refused.exitCode).toBe(2)
  expect(refused.stderr).toMatch(/LLMPROXY_API_KEY=lp_\w+ llmproxy serve --host 0\.0\.0\.0/)
})

test('a faulty configuration stops the start with its place and what is near', async () => {
  const folder = tempFolder()
  writeFileSync(join(folder, 'mine.yaml'), 'prot: 8000\n')
  const env = { HOME: folder, LLMPROXY_HOME: folder }
  const { exitCode, stderr, stdout } = await runProgram(['serve', '--config', 'mine.yaml'], env, folder)
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
  expect(stderr).toMatch(/mine\.yaml:1:1: prot: .*port/)
})

test('--print-config shows flags, variables and defaults with their origin, and starts nothing', async () => {
  const folder = tempFolder()
  const env = { HOME: folder, LLMPROXY_HOME: folder, LLMPROXY_LOGGING_LEVEL: 'debug' }
  const { exitCode, stdout } = await runProgram(['serve', '--port', '8123', '--print-config'], env, folder)
  expect(exitCode).toBe(0)
  expect(stdout).toMatch(/^port: 8123 +# flag$/m)
  expect(stdout).toMatch(/^ +level: "debug" +# env LLMPROXY_LOGGING_LEVEL$/m)
  expect(stdout).toMatch(/^host: "127\.0\.0\.1" +# default$/m)
})

test('--demo answers a model that nothing else places', async () => {
  const { url } = await serving(['--demo'])
  const answer = await ask(url, 'hi', false, 'no-such-model')
  expect(answer.headers.get('x-llmproxy-backend')).toBe('demo')
})
