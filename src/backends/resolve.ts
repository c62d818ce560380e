import type { Backend, CredentialMode, Preset } from '../core/backend.ts'
import type { ProtocolName } from '../core/protocol-name.ts'
import { isHeaderText, settingsFaults, typeOfName } from './check-settings.ts'
import { type BackendFault, BackendFaults } from './faults.ts'
import { presetOfType, presets } from './index.ts'
import { isAtProviderHost } from './provider-host.ts'
import { type BackendSettings, defaultSettings } from './settings.ts'

export interface BackendSources {
  config: { backends: Readonly<Record<string, BackendSettings>> }
  env: Readonly<Record<string, string | undefined>>
  /** Whether the proxy listens on loopback only. */
  loopback: boolean
  accessKeysConfigured: boolean
  /** Where the built-in demo backend listens. */
  demoUrl: string
}

// Those that a client's own login opens, so that it works with no file and no key. chatgpt serves Codex's plan
// users through its pinned path.
const alwaysThere = new Set(['openai', 'anthropic', 'gemini', 'chatgpt', 'demo'])

/**
 * The backends of a configuration, frozen: the configured ones in the file's order, then the ones that are always
 * there and not named. Without any configured: every preset whose key variable is set, too.
 * Throws BackendFaults with everything that is wrong.
 */
export function resolveBackends(sources: BackendSources): Backend[] {
  const configured = Object.entries(sources.config.backends)
  const faults = configured.flatMap(([name, settings]) => settingsFaults(name, settings))
  const made =
    faults.length > 0 ? [] : configured.map(([name, settings]) => makeBackend(name, settings, sources))
  const unnamed = presets.filter((preset) => isThere(preset, sources))
  const found = unnamed.map((preset) => makeBackend(preset.type, undefined, sources))
  const backends = [...made, ...found]
  faults.push(...environmentFaults(found, sources))
  if (faults.length > 0) throw new BackendFaults(faults)
  return backends
}

function isThere(preset: Preset, { config, env }: BackendSources): boolean {
  const names = Object.keys(config.backends)
  // `openai.eu` without `openai`: the type then means its instances only.
  if (names.some((name) => typeOfName(name) === preset.type)) return false
  if (alwaysThere.has(preset.type)) return true
  return names.length === 0 && preset.apiUrl !== null && environmentKey(preset, env) !== undefined
}

function environmentFaults(found: readonly Backend[], { env }: BackendSources): BackendFault[] {
  return found.flatMap((backend) => {
    if (backend.apiKey === null || isHeaderText(backend.apiKey)) return []
    const variable = presetOfType(backend.type)?.keyVariables.find((name) => env[name]?.trim())
    return [{ path: variable ?? backend.name, message: 'has characters that no header can carry' }]
  })
}

function makeBackend(name: string, named: BackendSettings | undefined, sources: BackendSources): Backend {
  const settings = named ?? defaultSettings
  const type = settings.type ?? typeOfName(name)
  const preset = presetOfType(type) ?? customPreset(type, settings.protocols?.[0])
  const apiUrl = settings.api_url ?? preset.apiUrl ?? sources.demoUrl
  const atPresetHost = isAtProviderHost(preset, apiUrl)
  const fileKey = settings.api_key?.trim()
  // A key that lies about in the environment is this provider's: it goes to no other host.
  const foundKey = fileKey === undefined && atPresetHost ? environmentKey(preset, sources.env) : undefined
  const credentials = settings.credentials ?? defaultMode(preset, fileKey, foundKey, sources)
  const ownKey = credentials === 'proxy' || credentials === 'client_first' ? fileKey || foundKey : undefined
  const timeouts = settings.timeouts
  const disconnect = settings.on_client_disconnect
  return Object.freeze({
    name,
    type,
    family: preset.family,
    apiUrl: withoutTrailingSlash(apiUrl),
    atPresetHost,
    protocols: Object.freeze([...(settings.protocols ?? preset.protocols)]),
    credentials,
    apiKey: ownKey ?? null,
    trustClientCredentials: settings.trust_client_credentials,
    credentialForm: preset.credentialForm,
    keyHeader: Object.freeze({ ...preset.keyHeader }),
    keyless: preset.keyless,
    defaultHeaders: Object.freeze({ ...preset.defaultHeaders }),
    headers: Object.freeze(lowerCaseNames(settings.headers)),
    timeouts: Object.freeze({
      connectMs: milliseconds(timeouts.connect_seconds),
      headersMs: milliseconds(timeouts.headers_seconds),
      firstContentMs: milliseconds(timeouts.first_content_seconds),
      idleMs: milliseconds(timeouts.idle_seconds),
      totalMs: milliseconds(timeouts.total_seconds),
      failoverMs: milliseconds(timeouts.failover_seconds),
    }),
    drainMs: disconnect === 'abort' ? null : milliseconds(disconnect.drain_seconds),
    maxConcurrent: settings.max_concurrent,
    models: Object.freeze([...settings.models]),
    streamUsage: settings.stream_usage ?? preset.streamUsage,
    untranslatable: settings.untranslatable,
    passthrough: Object.freeze([...settings.passthrough]),
    configured: named !== undefined || foundKey !== undefined,
  })
}

/** `spec/config.md`, Credentials: whose credential is sent when the file does not say. */
function defaultMode(
  preset: Preset,
  fileKey: string | undefined,
  foundKey: string | undefined,
  { loopback, accessKeysConfigured }: BackendSources,
): CredentialMode {
  if (fileKey) return 'proxy'
  if (preset.keyless) return 'none'
  if (fileKey === '') return 'proxy'
  if (foundKey === undefined) return 'client'
  return loopback && !accessKeysConfigured ? 'client_first' : 'proxy'
}

/** A provider that only the file knows. Its key goes where its first protocol's own provider wants one. */
function customPreset(type: string, protocol: ProtocolName = 'openai-chat'): Preset {
  const like = presets.find((preset) => preset.family !== null && preset.protocols.includes(protocol))
  return {
    type,
    apiUrl: null,
    keyVariables: [],
    keyHeader: like?.keyHeader ?? { name: 'authorization', prefix: 'Bearer ' },
    protocols: ['openai-chat'],
    credentialForm: null,
    family: null,
    streamUsage: 'ask',
    keyless: false,
    defaultHeaders: like?.defaultHeaders ?? {},
  }
}

function environmentKey(preset: Preset, env: BackendSources['env']): string | undefined {
  for (const variable of preset.keyVariables) {
    const value = env[variable]?.trim()
    if (value) return value
  }
  return undefined
}

/** The slash before a query goes as well: `https://host/path/?a=b`. */
function withoutTrailingSlash(apiUrl: string): string {
  const [path = '', ...query] = apiUrl.trim().split('?')
  return [path.replace(/\/+$/, ''), ...query].join('?')
}

function lowerCaseNames(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
}

function milliseconds(seconds: number): number {
  return Math.round(seconds * 1000)
}
