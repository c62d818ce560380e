import { execFileSync } from 'node:child_process'
import { expect, it, onTestFinished } from 'vitest'
import { head, startFakeProvider, write } from '../support/fake-provider.ts'
import { startProgram } from '../support/run-program.ts'
import { type SpawnedProxy, spawnProxy } from '../support/spawn-proxy.ts'

const checks = {
  http: { interval_seconds: 0.2, failure_threshold: 1 },
  ping: { enabled: false },
}

/** A built proxy before providers of which so many are there, and others are not. */
async function startBefore(there: number, gone: number, health: object = checks): Promise<SpawnedProxy> {
  const providers = await Promise.all(Array.from({ length: there + gone }, () => startFakeProvider()))
  for (const provider of providers.slice(there)) await provider.close()
  const backends = providers.map(({ url }, at) => [
    `openai.n${at}`,
    { type: 'openai', api_url: `${url}/v1`, api_key: 'sk-ours', models: ['m'] },
  ])
  const proxy = await spawnProxy({
    config: { backends: Object.fromEntries(backends), health_check: health },
    env: { USAGE_TRACKING_ENABLED: 'false' },
  })
  onTestFinished(async () => {
    await proxy.stop()
    for (const provider of providers) await provider.close()
  })
  return proxy
}

/** As the founding page writes it, but for the port. */
const page = (proxy: SpawnedProxy, filter: string) =>
  execFileSync('bash', ['-c', `set -o pipefail; curl -sf "${proxy.url}/internal/health" | jq '${filter}'`], {
    encoding: 'utf8',
  })

const healthOf = (url: string, ...argv: string[]) => startProgram(['health', '--url', url, ...argv]).ended

async function exitCodes(url: string): Promise<(number | null)[]> {
  const ends = await Promise.all([healthOf(url, '--exit-code'), healthOf(url, '--exit-code', '--json')])
  return ends.map(({ exitCode }) => exitCode)
}

it("the founding page's lines work with the checks on and off", async () => {
  const [on, off] = await Promise.all([startBefore(1, 1), startBefore(1, 0, { enabled: false })])
  await healthOf(on.url, '--check')
  expect(JSON.parse(page(on, '.endpoint_health.summary'))).toEqual({
    ...{ total_endpoints: 2, healthy_endpoints: 1, unhealthy_endpoints: 1 },
  })
  expect(JSON.parse(page(on, '.endpoint_health'))).toMatchObject({ enabled: true })
  expect(JSON.parse(page(off, '.endpoint_health.summary'))).toEqual({
    ...{ total_endpoints: 0, healthy_endpoints: 0, unhealthy_endpoints: 0 },
  })
})

it('llmproxy health --exit-code tells the four situations apart, with --json too', async () => {
  const [well, some, none] = await Promise.all([startBefore(2, 0), startBefore(1, 1), startBefore(0, 1)])
  for (const { url } of [well, some, none]) await healthOf(url, '--check')
  expect(await exitCodes(well.url)).toEqual([0, 0])
  expect(await exitCodes(some.url)).toEqual([1, 1])
  expect(await exitCodes(none.url)).toEqual([2, 2])
  const elsewhere = await startFakeProvider([
    head(200, { 'content-type': 'application/json' }),
    write('{"status":"who knows","endpoint_health":{}}'),
  ])
  expect(await exitCodes(elsewhere.url)).toEqual([3, 3])
  await elsewhere.close()
  expect(await exitCodes(elsewhere.url)).toEqual([2, 2])
})
