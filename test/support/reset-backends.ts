import type { RunningProxy } from '../../src/server/running-proxy.ts'

/** Forgets what attempts at a proxy's backends have shown, for tests that share one: none must feel another's failures. */
export async function resetBackends({
  url,
  backends,
}: Pick<RunningProxy, 'url' | 'backends'>): Promise<void> {
  for (const { name } of backends) {
    await fetch(`${url}/internal/backends/${encodeURIComponent(name)}/reset`, { method: 'POST' })
  }
}
