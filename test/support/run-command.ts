import { type Command, Config } from '@oclif/core'

export interface CommandRun {
  stdout: string
  stderr: string
  /** What the shell would see; undefined means 0. */
  exitCode: number | undefined
  /** What escaped the command. */
  error: unknown
}

/** Discovery would import built code; a bare configuration runs the class that the test imported. */
const config = await Config.load({
  root: process.cwd(),
  pjson: { name: 'llmproxy', version: '0.0.0', oclif: { bin: 'llmproxy' } },
})

/**
 * Runs a command's class as the shell would, with `env` for its whole environment. Not for two at a time: the
 * streams and the environment are the process's own.
 */
export async function runCommand(
  command: Command.Class,
  argv: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): Promise<CommandRun> {
  const before = { env: { ...process.env }, exitCode: process.exitCode }
  const out = capture(process.stdout)
  const err = capture(process.stderr)
  setEnvironment(env)
  process.exitCode = undefined
  let error: unknown
  try {
    // oclif falls back to the command's file for an id, which a class that runs alone does not have.
    command.id ??= command.name.toLowerCase()
    await command.run([...argv], config)
  } catch (thrown) {
    error = thrown
  }
  const exitCode = typeof process.exitCode === 'number' ? process.exitCode : undefined
  setEnvironment(before.env)
  process.exitCode = before.exitCode
  return { stdout: out.end(), stderr: err.end(), exitCode, error }
}

/** In the environment of the process itself: `os.homedir()` reads no other. */
function setEnvironment(env: NodeJS.ProcessEnv): void {
  for (const name of Object.keys(process.env)) delete process.env[name]
  for (const [name, value] of Object.entries(env)) if (value !== undefined) process.env[name] = value
}

function capture(stream: NodeJS.WriteStream): { end(): string } {
  const write = stream.write
  let text = ''
  stream.write = (chunk: string | Uint8Array) => {
    text += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString()
    return true
  }
  return {
    end() {
      stream.write = write
      return text
    },
  }
}
