import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'

test('a minute of spoilt streams makes no decoder and no encoder throw, hang or pile up', () => {
  const run = spawnSync(
    process.execPath,
    [
      'node_modules/vitest/vitest.mjs',
      'run',
      'test/corpus/translation/cuts-and-noise.test.ts',
      '-t',
      'spoilt',
      '--testTimeout',
      '120000',
    ],
    { env: { ...process.env, LLMPROXY_TEST_ONLY: '', LLMPROXY_NOISE_SECONDS: '60' }, encoding: 'utf8' },
  )
  const counted = /noise: (\d+) spoilt streams.*/.exec(run.stdout)
  console.log(counted?.[0] ?? 'no corpus, no noise')
  expect(run.status, run.stdout + run.stderr).toBe(0)
}, 180_000)
