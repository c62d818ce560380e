// Blocks of a README, run as somebody would who pastes them into terminals.
import { spawn } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const startsServer = /\bnpm start\b|\b(?:llmproxy|run\.js) serve\b/
const blockWithinMs = 300_000
const lineWithinMs = 60_000

/** Runs text in bash, in a home of its own; where one `cd` goes, the next begins. */
export class Shell {
  #env
  #cwdFile
  #servers = []
  /** Where the last server listens. */
  url = null

  /**
   * @param {string} home an empty folder
   * @param {string} cwd
   * @param {NodeJS.ProcessEnv} env
   */
  constructor(home, cwd, env) {
    this.#env = { ...env, HOME: home }
    this.#cwdFile = join(home, '.cwd')
    writeFileSync(this.#cwdFile, cwd)
    // An answer that is an error is none, and what streams for ever is looked at for a while.
    writeFileSync(join(home, '.curlrc'), 'fail\nmax-time = 10\n')
  }

  /** A block: until it has ended, or until the server that it starts listens. */
  block(text) {
    return startsServer.test(text) ? this.#serve(text) : this.#run(text, blockWithinMs)
  }

  line(text) {
    return this.#run(text, lineWithinMs)
  }

  /** Where the next block begins. */
  get folder() {
    return readFileSync(this.#cwdFile, 'utf8').trim()
  }

  async close() {
    for (const server of this.#servers) {
      const ended = new Promise((resolve) => server.once('close', resolve))
      if (server.exitCode !== null || server.signalCode !== null) continue
      process.kill(-server.pid, 'SIGTERM')
      await ended
    }
  }

  #start(text) {
    const preamble = `set -eo pipefail; cd() { builtin cd "$@" && pwd > '${this.#cwdFile}'; }`
    const child = spawn('bash', ['-c', `${preamble}\n${text}`], {
      cwd: this.folder,
      env: { ...this.#env, ...(this.url !== null && { LLMPROXY_URL: this.url }) },
      stdio: ['ignore', 'pipe', 'pipe'],
      // A group of its own, which can be ended whole.
      detached: true,
    })
    const output = { stdout: '', stderr: '' }
    for (const name of ['stdout', 'stderr']) {
      child[name].setEncoding('utf8').on('data', (piece) => {
        output[name] += piece
      })
    }
    return { child, output }
  }

  #run(text, withinMs) {
    const { child, output } = this.#start(text)
    return new Promise((resolve) => {
      const timer = setTimeout(() => process.kill(-child.pid, 'SIGKILL'), withinMs)
      child.once('close', (exitCode) => {
        clearTimeout(timer)
        resolve({ exitCode, ...output })
      })
    })
  }

  #serve(text) {
    const { child, output } = this.#start(text)
    this.#servers.push(child)
    return new Promise((resolve) => {
      const finish = (exitCode) => {
        clearTimeout(timer)
        resolve({ exitCode, ...output })
      }
      const timer = setTimeout(() => finish(null), blockWithinMs)
      child.stderr.on('data', () => {
        const url = /listens at (http:\S+)/.exec(output.stderr)?.[1]
        if (url === undefined || this.url === url) return
        this.url = url
        finish(0)
      })
      child.once('close', (exitCode) => finish(exitCode === 0 ? null : exitCode))
    })
  }
}
