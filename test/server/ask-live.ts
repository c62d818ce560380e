import { expect } from 'vitest'
import type { LiveSnapshot } from '../../src/core/live-snapshot.ts'
import { documentedJson } from '../support/openapi.ts'
import type { TestProxy } from '../support/start-proxy.ts'

export async function askLive({ url }: Pick<TestProxy, 'url'>, query = ''): Promise<LiveSnapshot> {
  const answer = await fetch(`${url}/internal/live${query}`)
  expect(answer.status).toBe(200)
  return (await documentedJson(answer)) as LiveSnapshot
}
