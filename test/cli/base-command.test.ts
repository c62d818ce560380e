import { Args, Flags } from '@oclif/core'
import { expect, test } from 'vitest'
import { BaseCommand } from '../../src/cli/base-command.ts'
import { Failure } from '../../src/cli/failure.ts'
import { ProxyError } from '../../src/core/errors.ts'
import { StartRefused } from '../../src/server/running-proxy.ts'
import { runCommand } from '../support/run-command.ts'

let thrown: unknown
let spoken = 'talk'

class Sample extends BaseCommand {
  static override id = 'sample'
  static override args = { file: Args.string(), colour: Args.string({ options: ['red', 'green'] }) }
  static override flags = { interval: Flags.integer({ summary: 'x', min: 1 }) }
  async run(): Promise<unknown> {
    await this.parse(Sample)
    if (thrown !== undefined) throw thrown
    this.log('answer')
    this.say(spoken)
    return { answer: spoken === 'talk' ? 1 : spoken }
  }
}

function run(argv: string[], error?: unknown) {
  thrown = error
  return runCommand(Sample, argv)
}

test('the answer goes to stdout and talk to stderr; under --json there is only the data', async () => {
  expect(await run([])).toEqual({
    stdout: 'answer\n',
    stderr: 'talk\n',
    exitCode: undefined,
    error: undefined,
  })
  const json = await run(['--json'])
  expect(JSON.parse(json.stdout)).toEqual({ answer: 1 })
  expect(json.stderr).toBe('')
})

test.each<[string, unknown, number, string]>([
  ['a failure', new Failure('no proxy there', 3, ['llmproxy serve']), 3, 'failed'],
  [
    'an error of the catalogue',
    new ProxyError('unknown_backend', 'no backend named x'),
    1,
    'unknown_backend',
  ],
  ['a refused start', new StartRefused('needs an access key'), 2, 'usage'],
])('%s keeps its exit code and its words, as text and as JSON', async (_, error, exitCode, code) => {
  const message = (error as Error).message
  const text = await run([], error)
  expect(text).toMatchObject({ exitCode, stdout: '', error: undefined })
  expect(text.stderr).toContain(`error: ${message}\n`)
  const json = await run(['--json'], error)
  expect(json.exitCode).toBe(exitCode)
  expect(JSON.parse(json.stdout)).toEqual({ error: { code, message } })
})

test('a file that the system refuses is named with the reason', async () => {
  const refused = Object.assign(new Error("EACCES: permission denied, mkdir '/x/y'"), {
    code: 'EACCES',
    path: '/x/y',
  })
  const { exitCode, stderr } = await run([], refused)
  expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: 'error: /x/y: permission denied (EACCES)\n' })
})

test('what to try stands on lines of its own', async () => {
  const { stderr } = await run([], new Failure('no proxy there', 3, ['llmproxy serve', 'llmproxy connect']))
  expect(stderr).toBe('error: no proxy there\n  try: llmproxy serve\n  try: llmproxy connect\n')
})

test.each([
  [['--intervall', '5'], 'unknown flag --intervall; did you mean --interval?'],
  [['--nothing-like-it'], 'unknown flag --nothing-like-it'],
  [['--interval', 'x'], 'error: --interval: expected an integer but received: x'],
  [['a', 'gren'], 'error: Expected gren to be one of: red, green; did you mean green?'],
  [['a', 'nothing-like-it'], 'Expected nothing-like-it to be one of: red, green'],
  [['--interval'], 'Flag --interval expects a value'],
  [['a', 'red', 'b'], 'Unexpected argument: b'],
])('%j is wrong usage and names the help', async (argv, words) => {
  const { exitCode, stderr, error } = await run(argv)
  expect({ exitCode, error }).toEqual({ exitCode: 2, error: undefined })
  expect(stderr).toContain(words)
  expect(stderr).toContain('try: llmproxy sample --help')
  expect(stderr).not.toContain('did you mean ?')
})

test('a value on --json is wrong usage, and no argument', async () => {
  const { exitCode, stderr, stdout } = await run(['a', '--json=red'])
  expect([exitCode, stdout]).toEqual([2, ''])
  expect(stderr).toBe('error: --json takes no value: --json=red\n  try: llmproxy sample --help\n')
  expect((await run(['--', '--json=red'])).stderr).toBe('talk\n')
})

test('nothing that a terminal obeys comes out, be it talk, data or an error', async () => {
  const evil = '\u001b[2J\u009b1m\u202e'
  spoken = evil
  const { stdout, stderr } = await run(['--json'])
  expect(JSON.parse(stdout)).toEqual({ answer: evil })
  const failed = await run(['--json'], new Failure(`no file ${evil}`, 2))
  expect(JSON.parse(failed.stdout).error.message).toBe(`no file ${evil}`)
  const texts = [stdout, stderr, failed.stdout, (await run([])).stderr]
  for (const text of texts) expect(text).not.toMatch(/[\u001b\u009b\u202e]/)
  spoken = 'talk'
})

test('a fault of ours is not dressed up as one of the user’s', async () => {
  const fault = new TypeError('x is not a function')
  const { exitCode, error } = await run([], fault)
  expect(error).toBe(fault)
  expect(exitCode).toBe(1)
})
