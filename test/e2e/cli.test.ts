import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { runProgram } from '../support/run-program.ts'
import { tempFolder } from '../support/temp-folder.ts'

const {
  version,
  oclif: { topics: packageTopics },
} = JSON.parse(readFileSync('package.json', 'utf8'))

interface ManifestCommand {
  id: string
  summary?: string
  description?: string
  examples?: unknown[]
}
const manifest: { commands: Record<string, ManifestCommand> } = JSON.parse(
  readFileSync('oclif.manifest.json', 'utf8'),
)
const commands = Object.values(manifest.commands)

test.each(['--version', '-v'])('%s names version, platform and node', async (flag) => {
  const { stdout, exitCode } = await runProgram([flag])
  expect(stdout).toBe(`llmproxy/${version} ${process.platform}-${process.arch} node-${process.version}\n`)
  expect(exitCode).toBe(0)
})

test('--version answers with nothing installed', () => {
  const folder = tempFolder()
  mkdirSync(join(folder, 'bin'))
  for (const file of ['bin/run.js', 'package.json']) cpSync(file, join(folder, file))
  const { stdout, status } = spawnSync(process.execPath, ['bin/run.js', '--version'], {
    cwd: folder,
    encoding: 'utf8',
  })
  expect({ status, stdout }).toEqual({ status: 0, stdout: expect.stringContaining(version) })
})

test('without arguments and with -h it lists every command and topic', async () => {
  for (const argv of [[], ['-h']]) {
    const { stdout, exitCode } = await runProgram(argv)
    expect(exitCode).toBe(0)
    for (const { id } of commands) expect(stdout).toMatch(new RegExp(`^  ${id.split(':')[0]} `, 'm'))
  }
})

test.each(commands.map((command) => [command.id.replaceAll(':', ' '), command] as const))(
  '%s explains itself, with examples',
  async (words, { summary, description, examples }) => {
    expect(summary).toMatch(/^[A-Z].*[^.]$/)
    expect(description).toMatch(/\.$/)
    expect(examples).not.toEqual([])
    const { stdout, stderr, exitCode } = await runProgram([...words.split(' '), '--help'])
    expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 })
    expect(stdout).toContain(`$ llmproxy ${words}`)
  },
)

test.each([
  [['sevre'], 'unknown command sevre; did you mean serve?', 'llmproxy serve --help'],
  [['key', 'nwe'], 'unknown command key nwe; did you mean key new?', 'llmproxy key new --help'],
  [['usage', 'stat'], 'unknown command usage stat; did you mean usage stats?', 'llmproxy usage stats --help'],
  [['health', '--jsn'], 'unknown flag --jsn; did you mean --json?', 'llmproxy health --help'],
  [['usage', 'stats', '--grup-by', 'day'], 'did you mean --group-by?', 'llmproxy usage stats --help'],
  [['serve', '--hlep'], 'unknown flag --hlep; did you mean --help?', 'llmproxy serve --help'],
  [['serve', 'extra'], 'serve takes no argument extra\n', 'llmproxy serve --help'],
  [['help', 'serve'], 'unknown command help serve; did you mean serve?', 'llmproxy serve --help'],
  [['quite-something-else'], 'unknown command quite-something-else\n', 'llmproxy --help'],
])('%j is wrong usage and names what is near', async (argv, words, next) => {
  const { stdout, stderr, exitCode } = await runProgram(argv)
  expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 2 })
  expect(stderr).toContain(words)
  expect(stderr).toContain(`try: ${next}`)
})

test.each(commands.map(({ id }) => id.replaceAll(':', ' ')))(
  'the help of %s fits 80 columns, but for lines to copy',
  async (words) => {
    const { stdout } = await runProgram([...words.split(' '), '--help'], { COLUMNS: '80' })
    const text = stdout.split('\n').filter((line) => !line.startsWith('  $ '))
    expect(text.filter((line) => line.length > 80)).toEqual([])
    expect(text.length).toBeGreaterThan(10)
  },
)

test('every topic is described', () => {
  const topics = commands.flatMap(({ id }) => (id.includes(':') ? [id.split(':')[0] ?? ''] : []))
  for (const topic of topics) expect(packageTopics[topic]?.description).toMatch(/^[A-Z].*[^.]$/)
})

test.each(['development', 'test', 'production'])(
  'with NODE_ENV=%s it runs what was built, silently',
  async (mode) => {
    const { stdout, stderr, exitCode } = await runProgram(['key', 'new', 'alice', '--json'], {
      NODE_ENV: mode,
    })
    expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 })
    expect(JSON.parse(stdout)).toMatchObject({ name: 'alice' })
  },
)

test('colour is left out in a pipe, and under NO_COLOR', async () => {
  for (const env of [{}, { NO_COLOR: '1' }, { TERM: 'dumb' }]) {
    expect((await runProgram(['--help'], env)).stdout).not.toContain('\u001b')
  }
})

test('starting costs little more than starting node, and than loading oclif', () => {
  const starts = {
    bare: ['-e', '0'],
    version: ['bin/run.js', '--version'],
    oclif: ['--input-type=module', '-e', "await import('@oclif/core')"],
    help: ['bin/run.js', 'connect', '--help'],
  }
  // The best of several, taken in turns: what a start costs, without what a busy machine adds. Compared with each
  // other, so that a slow machine or another Node changes both sides. More rounds only take from what others add.
  const bestMs = { bare: 1e6, version: 1e6, oclif: 1e6, help: 1e6 }
  const ratios = () => [bestMs.version / bestMs.bare, bestMs.help / bestMs.oclif] as const
  const holds = () => ratios()[0] < 2 && ratios()[1] < 1.7
  for (let round = 0; round < 5 || (round < 40 && !holds()); round++) {
    for (const name of Object.keys(starts) as (keyof typeof starts)[]) {
      bestMs[name] = Math.min(bestMs[name], startMs(...starts[name]))
    }
  }
  expect({ holds: holds(), ratios: ratios() }).toMatchObject({ holds: true })
  // 20 starts, and up to 160 on a machine that is busy with others.
}, 120_000)

function startMs(...args: string[]): number {
  const startedMs = performance.now()
  spawnSync(process.execPath, args)
  return performance.now() - startedMs
}

test('README names the commands that there are', () => {
  const { stderr, status } = spawnSync(process.execPath, ['scripts/write-docs.js', '--check'], {
    encoding: 'utf8',
  })
  expect({ stderr, status }).toEqual({ stderr: '', status: 0 })
})

test('the package has what it needs to run, and nothing of the workshop', () => {
  const { stdout } = spawnSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
    encoding: 'utf8',
  })
  const files: string[] = JSON.parse(stdout)[0].files.map((file: { path: string }) => file.path)
  expect(files).toEqual(
    expect.arrayContaining([
      'bin/run.js',
      'dist/commands/serve.js',
      'dist/THIRD_PARTY_LICENSES',
      'oclif.manifest.json',
      'LICENSE',
      'README.md',
    ]),
  )
  expect(files.filter((file) => /^(src|test|scripts|node_modules)\//.test(file))).toEqual([])
})
