import { spawnSync } from 'node:child_process'
import { statSync } from 'node:fs'
import { expect, it } from 'vitest'

it('docs/top.svg is what the dashboard looks like, and small', () => {
  const argv = ['--import', 'tsx', 'scripts/picture-of-top.js', '--check']
  const { status, stderr } = spawnSync(process.execPath, argv, { encoding: 'utf8' })
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  expect(statSync('docs/top.svg').size).toBeLessThan(60_000)
})
