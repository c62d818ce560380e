import { type BackendSources, resolveBackends } from '../../src/backends/resolve.ts'
import { type BackendSettings, defaultSettings } from '../../src/backends/settings.ts'
import type { Backend } from '../../src/core/backend.ts'

export const demoUrl = 'http://127.0.0.1:49152'

/** The backends of these settings, on loopback without access keys and with an empty environment. */
export function backendsFrom(
  backends: Record<string, Partial<BackendSettings>>,
  sources: Partial<Omit<BackendSources, 'config'>> = {},
): Backend[] {
  const full = Object.entries(backends).map(([name, settings]) => [name, { ...defaultSettings, ...settings }])
  return resolveBackends({
    config: { backends: Object.fromEntries(full) },
    env: {},
    loopback: true,
    accessKeysConfigured: false,
    demoUrl,
    ...sources,
  })
}

export function backendNamed(backends: readonly Backend[], name: string): Backend {
  const found = backends.find((backend) => backend.name === name)
  if (found === undefined) throw new Error(`no backend ${name} in ${backends.map((b) => b.name).join(', ')}`)
  return found
}

/** One configured backend. */
export function backendFor(
  name: string,
  settings: Partial<BackendSettings> = {},
  sources: Partial<Omit<BackendSources, 'config'>> = {},
): Backend {
  return backendNamed(backendsFrom({ [name]: settings }, sources), name)
}
