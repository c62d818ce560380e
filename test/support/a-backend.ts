import type { Backend } from '../../src/core/backend.ts'
import type { ProviderFamily } from '../../src/core/protocol.ts'
import type { ProtocolName } from '../../src/core/protocol-name.ts'

const spoken: Record<string, { family: ProviderFamily; protocols: readonly ProtocolName[] }> = {
  openai: { family: 'openai', protocols: ['openai-chat', 'openai-responses'] },
  anthropic: { family: 'anthropic', protocols: ['anthropic-messages'] },
  gemini: { family: 'gemini', protocols: ['gemini'] },
}

/** A configured backend; its type is the name up to the first dot, its protocols those of the type. */
export function aBackend(name: string, changes: Partial<Backend> = {}): Backend {
  const type = name.split('.', 1)[0] ?? name
  return {
    name,
    type,
    family: spoken[type]?.family ?? null,
    apiUrl: `https://${name}.test/v1`,
    atPresetHost: true,
    protocols: spoken[type]?.protocols ?? ['openai-chat'],
    credentials: 'proxy',
    apiKey: `sk-${name}`,
    trustClientCredentials: false,
    credentialForm: null,
    keyHeader: { name: 'authorization', prefix: 'Bearer ' },
    keyless: false,
    defaultHeaders: {},
    headers: {},
    timeouts: {
      connectMs: 10_000,
      headersMs: 600_000,
      firstContentMs: 600_000,
      idleMs: 300_000,
      totalMs: 3_600_000,
      failoverMs: 60_000,
    },
    drainMs: null,
    maxConcurrent: null,
    models: [],
    streamUsage: 'ask',
    untranslatable: 'warn',
    passthrough: [],
    configured: true,
    ...changes,
  }
}
