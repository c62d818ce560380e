import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const script = fileURLToPath(new URL('../../scripts/soak.js', import.meta.url))

/** Another run each time: its first line names the seed that repeats it. In a process of its own, as it is measured. */
test('a minute of all kinds of traffic and faults: nothing lost, miscounted, dropped or left behind', async () => {
  const options = ['--seconds', '60', '--rate', '40']
  const soak = spawn(process.execPath, ['--import', 'tsx', script, ...options], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { PATH: process.env.PATH },
  })
  const [said] = await Promise.all([text(soak.stdout), once(soak, 'exit')])
  console.log(said)
  expect(said.split('\n').filter((line) => line.startsWith('MISSED'))).toEqual([])
  expect(soak.exitCode).toBe(0)
})
