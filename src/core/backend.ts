import type { ProviderFamily } from './protocol.ts'
import type { ProtocolName } from './protocol-name.ts'

/** Whose credential a backend is asked with (`spec/config.md`, Credentials). */
export type CredentialMode = 'proxy' | 'client' | 'client_first' | 'none'

/** How a provider wants its key: the header's name and what stands before the key. */
export interface KeyHeader {
  name: 'authorization' | 'x-api-key' | 'x-goog-api-key' | 'api-key'
  prefix: '' | 'Bearer '
}

/** One kind of provider, as data. Adding one is a file in `backends/presets/` and a line in `backends/index.ts`. */
export interface Preset {
  type: string
  /** Null where only the user knows it (azure, vllm). */
  apiUrl: string | null
  /** The provider's further hosts, as endings: `.openai.azure.com`. A client's credential is as safe there. */
  hostEndings?: readonly string[]
  /** The environment variables that may hold its key, first found wins. */
  keyVariables: readonly string[]
  keyHeader: KeyHeader
  /** In the order of preference when a client speaks none of them. */
  protocols: readonly ProtocolName[]
  /** What this provider's credentials look like; a client's value of another form is not its own. */
  credentialForm: RegExp | null
  /** Whether a client that speaks this family natively means this provider. */
  family: ProviderFamily | null
  /** May openai-chat requests get `stream_options.include_usage` (`spec/usage.md`)? */
  streamUsage: StreamUsage
  /** Works without any key: local servers. */
  keyless: boolean
  /** Headers that every request needs unless the client sent its own. */
  defaultHeaders?: Readonly<Record<string, string>>
}

export type StreamUsage = 'ask' | 'never' | 'always'

export interface Timeouts {
  connectMs: number
  headersMs: number
  firstContentMs: number
  idleMs: number
  totalMs: number
  failoverMs: number
}

/** One configured provider endpoint. Immutable: a reload makes new ones. */
export interface Backend {
  /** `openai`, `openai.eu` */
  name: string
  /** `openai` */
  type: string
  family: ProviderFamily | null
  /** Without a trailing slash, version prefix included: `https://api.openai.com/v1`. */
  apiUrl: string
  /** Whether `apiUrl` is at the preset's own host. */
  atPresetHost: boolean
  protocols: readonly ProtocolName[]
  credentials: CredentialMode
  /** Our provider key; null when there is none. */
  apiKey: string | null
  trustClientCredentials: boolean
  credentialForm: RegExp | null
  keyHeader: KeyHeader
  keyless: boolean
  /** Default headers of the preset, overridden by the client's. */
  defaultHeaders: Readonly<Record<string, string>>
  /** Configured extras, which override the client's. */
  headers: Readonly<Record<string, string>>
  timeouts: Timeouts
  /** Milliseconds to go on reading after the client has gone; null aborts at once. */
  drainMs: number | null
  maxConcurrent: number | null
  /** The configured list; empty: ask the provider. */
  models: readonly string[]
  streamUsage: StreamUsage
  untranslatable: 'warn' | 'reject'
  passthrough: readonly string[]
  /** Named in the file or found by its key variable, rather than merely always there. */
  configured: boolean
}
