import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { runProgram } from '../support/run-program.ts'
import { spawnProxy } from '../support/spawn-proxy.ts'
import { tempFolder } from '../support/temp-folder.ts'

/** The program as users run it: with a proxy, without one, and with a ledger by its name. */
describe('llmproxy usage', () => {
  it('reports what a proxy saw, from the proxy and, once it is gone, from its ledger', async () => {
    const home = tempFolder()
    const env = { LLMPROXY_HOME: home }
    const proxy = await spawnProxy({ env: { LLMPROXY_HOME: home } })
    for (const content of ['hello', 'hello again']) {
      const body = JSON.stringify({ model: 'demo:echo', messages: [{ role: 'user', content }] })
      expect((await fetch(`${proxy.url}/v1/chat/completions`, { method: 'POST', body })).status).toBe(200)
    }
    const live = await runProgram(['usage', 'stats', '--url', proxy.url, '--group-by', 'model'], env)
    expect(live.stdout).toMatch(/^MODEL +REQUESTS .*COST$/m)
    expect(live.stdout).toMatch(/^echo +2 /m)
    expect(live.stdout).toMatch(/^Total +2 /m)

    const recent = await runProgram(['usage', 'recent', '--url', proxy.url], env)
    for (const path of ['stats?group_by=model', 'recent', 'export?start_date=today&end_date=today']) {
      expect((await fetch(`${proxy.url}/v1/usage/${path}`)).status).toBe(200)
    }
    const id = /x_[0-9a-z]{10}/.exec(recent.stdout)?.[0] ?? ''
    const shown = await runProgram(['show', id, '--url', proxy.url], env)
    expect(shown.stdout).toMatch(/^answered by +demo: echo$/m)

    await proxy.stop()
    const ledger = join(home, 'usage.db')
    const file = await runProgram(['usage', 'stats', '--file', ledger, '--json'], env)
    expect(JSON.parse(file.stdout)).toMatchObject({ request_count: 2, outcome_counts: { complete: 2 } })
    const output = join(home, 'all.csv')
    const exported = await runProgram(['usage', 'export', '--file', ledger, '--output', output], env)
    expect(exported.stderr).toMatch(/^exported .* to /)
  })

  it.each([
    [['usage', 'stats', '--file', '/nowhere/usage.db'], 1, /there is no ledger at \/nowhere\/usage.db/],
    [
      ['usage', 'stats', '--url', 'http://127.0.0.1:9'],
      3,
      /no proxy answers at http:\/\/127.0.0.1:9\n {2}try: llmproxy serve/,
    ],
    [['usage', 'stats', '--modle', 'x'], 2, /unknown flag --modle; did you mean --model/],
    [['usage', 'prices', 'no-such-model'], 1, /no price is known for a model with "no-such-model"/],
  ])('%j ends with %i and says what to do', async (args, exitCode, message) => {
    const home = tempFolder()
    const run = await runProgram(args, { LLMPROXY_HOME: home })
    expect(run.exitCode).toBe(exitCode)
    expect(run.stderr).toMatch(message)
  })

  it('tells a file that is no ledger', async () => {
    const home = tempFolder()
    const file = join(home, 'notes.db')
    writeFileSync(file, 'no database at all, only words '.repeat(500))
    const run = await runProgram(['usage', 'recent', '--file', file], {
      LLMPROXY_HOME: home,
    })
    expect(run.exitCode).toBe(1)
    expect(run.stderr).toMatch(/the ledger is damaged/)
  })
})
