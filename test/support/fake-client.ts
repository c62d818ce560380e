import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** What the client of `fakeClient` saw and got. */
export interface FakeClientReport {
  args: string[]
  env: Record<string, string>
  statuses: number[]
  /** The answers' exchange ids. */
  exchanges: string[]
}

const source = `
import { writeFileSync } from 'node:fs'
const [requests, exitCode, ...args] = process.argv.slice(2)
const { env } = process
const statuses = []
const exchanges = []
for (let asked = 0; asked < Number(requests); asked++) {
  const answer = await fetch(env.OPENAI_BASE_URL + '/chat/completions', {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'Bearer ' + env.OPENAI_API_KEY },
    body: JSON.stringify({ model: 'demo:echo', messages: [{ role: 'user', content: 'hello ' + asked }] }),
  })
  await answer.text()
  statuses.push(answer.status)
  exchanges.push(answer.headers.get('x-llmproxy-exchange'))
}
writeFileSync(new URL('report.json', import.meta.url), JSON.stringify({ args, env, statuses, exchanges }))
process.exitCode = Number(exitCode)
`

/**
 * A small program that asks the model at the address in its environment, as an SDK would.
 *
 * @returns `args` for node: so many requests, its exit code, and whatever else; `report` when it has ended
 */
export function fakeClient(folder: string): {
  args(requests: number, exitCode: number, ...more: string[]): string[]
  report(): FakeClientReport
} {
  const file = join(folder, 'client.mjs')
  writeFileSync(file, source)
  return {
    args: (requests, exitCode, ...more) => [file, String(requests), String(exitCode), ...more],
    report: () => JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8')),
  }
}
