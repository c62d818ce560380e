import { spawnSync } from 'node:child_process'
import { expect, it } from 'vitest'

const module = (path: string) => JSON.stringify(new URL(`../../../src/${path}`, import.meta.url).href)

/** In a process of its own: what others hold is not counted. */
const program = `
  const { createSessions } = await import(${module('proxy/sessions/sessions.ts')})
  const { createSessionAnswers } = await import(${module('proxy/sessions/session-answers.ts')})
  const { hash } = await import('node:crypto')
  const many = 20_000
  const sessions = createSessions({ clock: { nowMs: () => 1 }, max: many })
  const answers = createSessionAnswers(many)
  const marks = {
    ...{ sessionHeader: null, headers: [], userId: null, promptCacheKey: null, bodySessionId: null },
    ...{ clientApp: 'some-agent', protocol: 'openai-chat' },
  }
  const credential = { hash: hash('sha256', 'sk-one') }
  const used = () => (gc(), gc(), process.memoryUsage().heapUsed)
  const before = used()
  for (let i = 0; i < many; i++) {
    const digest = { whole: hash('sha256', \`\${i}\`), prefix: null, count: 1 }
    const session = sessions.assign({ ...marks, digest, credentialHash: credential.hash })
    answers.note(session.key, { backendType: 'openai', isTranslated: false, isOurChoice: false })
  }
  console.log((used() - before) / many)
  answers.note(null, {})
  sessions.find({ ...marks, digest: { whole: '', prefix: null, count: 0 }, credentialHash: null })
`

it('a session that is remembered takes less than 1,000 bytes', () => {
  const { stdout, stderr } = spawnSync(
    process.execPath,
    ['--expose-gc', '--import', 'tsx', '--input-type=module', '-e', program],
    { encoding: 'utf8' },
  )
  expect(stderr).toBe('')
  expect(Number(stdout)).toBeGreaterThan(100)
  expect(Number(stdout)).toBeLessThan(1_000)
})
