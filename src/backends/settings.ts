import type { CredentialMode, StreamUsage } from '../core/backend.ts'
import type { ProtocolName } from '../core/protocol-name.ts'

/** A backend as the configuration has it (`spec/config.md`, Keys), validated by its schema. */
export interface BackendSettings {
  type?: string | undefined
  api_url?: string | undefined
  /** Present and empty means that there is no provider key, and never the client's instead. */
  api_key?: string | undefined
  credentials?: CredentialMode | undefined
  trust_client_credentials: boolean
  stream_usage?: StreamUsage | undefined
  untranslatable: 'warn' | 'reject'
  passthrough: readonly string[]
  protocols?: readonly ProtocolName[] | undefined
  models: readonly string[]
  headers: Readonly<Record<string, string>>
  timeouts: {
    connect_seconds: number
    headers_seconds: number
    first_content_seconds: number
    idle_seconds: number
    total_seconds: number
    failover_seconds: number
  }
  on_client_disconnect: 'abort' | { drain_seconds: number }
  max_concurrent: number | null
}

/** What a backend has that no file names. */
export const defaultSettings: BackendSettings = {
  trust_client_credentials: false,
  untranslatable: 'warn',
  passthrough: [],
  models: [],
  headers: {},
  timeouts: {
    connect_seconds: 10,
    headers_seconds: 600,
    first_content_seconds: 600,
    idle_seconds: 300,
    total_seconds: 3600,
    failover_seconds: 60,
  },
  on_client_disconnect: 'abort',
  max_concurrent: null,
}
