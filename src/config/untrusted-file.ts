import { hasReference } from './interpolate.ts'
import type { Problem } from './issues.ts'
import { type ConfigPath, isMapping, mapTexts, valueAt } from './paths.ts'

/** The command that accepts a `./config.yaml` as it is. */
export const acceptCommand = 'llmproxy serve --config ./config.yaml'

// What stands below these goes to a provider or a database, or decides where something goes.
const sentFrom: readonly string[] = [
  'host',
  'backends',
  'default_backend',
  'model_aliases',
  'failover_routes',
  'health_check',
  'replacement',
]

/**
 * What a `./config.yaml` that nobody named may not do, for it may have come with somebody else's folder
 * (`spec/config.md`, Where values come from): send a variable or a file anywhere, take clients' credentials
 * elsewhere, name a host that is neither a preset's nor loopback, or open the proxy to others. Judged by what is written, before any
 * reference is read. `knownHosts`: host names, with or without a port; null: nothing will be sent to backends.
 */
export function untrustedProblems(tree: unknown, knownHosts: readonly string[] | null): Problem[] {
  return [
    ...references(tree),
    ...(knownHosts === null ? [] : backendProblems(tree, knownHosts)),
    ...ledgerProblems(tree),
    ...doorProblems(tree),
    ...addressProblems(tree),
  ]
}

function references(tree: unknown): Problem[] {
  const problems: Problem[] = []
  if (!isMapping(tree)) return problems
  for (const section of sentFrom) {
    mapTexts(valueAt(tree, [section]), (text, path) => {
      const message = 'may not send a variable or a file anywhere, because nobody named this file'
      if (hasReference(text)) problems.push({ path: [section, ...path], message, ofKey: false })
    })
  }
  return problems
}

function backendProblems(tree: unknown, knownHosts: readonly string[]): Problem[] {
  const backends = valueAt(tree, ['backends'])
  if (!isMapping(backends)) return []
  return Object.keys(backends).flatMap((name) => {
    const problems: Problem[] = []
    const path: ConfigPath = ['backends', name, 'api_url']
    const url = valueAt(tree, path)
    if (typeof url === 'string' && !hasReference(url) && !isKnownUrl(url, knownHosts)) {
      const message =
        'names a host that is neither a known provider over https nor this machine, and nobody named this file'
      problems.push({ path, message, ofKey: false })
    }
    const trustPath: ConfigPath = ['backends', name, 'trust_client_credentials']
    const trust = valueAt(tree, trustPath)
    if (trust !== undefined && trust !== false) {
      const message = "may not let clients' own credentials go elsewhere, because nobody named this file"
      problems.push({ path: trustPath, message, ofKey: false })
    }
    return problems
  })
}

function ledgerProblems(tree: unknown): Problem[] {
  const path: ConfigPath = ['usage_tracking', 'persistence_path']
  const ledger = valueAt(tree, path)
  if (typeof ledger !== 'string' || !/^[a-z+]+:\/\//i.test(ledger)) return []
  const url = hostOf(ledger)
  // A query may name another host to the driver.
  if (url && isLoopback(url.hostname) && url.search === '' && !hasReference(ledger)) return []
  return [{ path, message: 'may not be a database elsewhere, because nobody named this file', ofKey: false }]
}

/**
 * What would let web pages, other names or other machines in. Listening beyond this machine is allowed as such:
 * it takes an access key, and then that must not be one that the file's author knows.
 */
function doorProblems(tree: unknown): Problem[] {
  const host = valueAt(tree, ['host'])
  const listensBeyond = typeof host === 'string' && !isLoopback(host) && host !== '::1'
  const keys = ['allowed_hosts', 'allowed_origins', 'trusted_proxies', ...(listensBeyond ? ['api_keys'] : [])]
  const message = 'may not let others in, because nobody named this file'
  return keys
    .map((key): ConfigPath => ['auth', key])
    .filter((path) => {
      const list = valueAt(tree, path)
      return list !== undefined && !(Array.isArray(list) && list.length === 0)
    })
    .map((path) => ({ path, message, ofKey: false }))
}

/** Where commands look for the proxy, and send its access key: on this machine, whatever it listens on. */
function addressProblems(tree: unknown): Problem[] {
  const path: ConfigPath = ['host']
  const host = valueAt(tree, path)
  if (typeof host !== 'string' || hasReference(host) || isHere(host)) return []
  const message =
    'may not name another machine, to which the access key would go, because nobody named this file'
  return [{ path, message, ofKey: false }]
}

function isHere(host: string): boolean {
  return isLoopback(host) || /^(?:0\.0\.0\.0|\[?::1?\]?|)$/.test(host)
}

function isKnownUrl(text: string, knownHosts: readonly string[]): boolean {
  const url = hostOf(text)
  // What is no URL is the schema's to refuse; it goes nowhere.
  if (!url) return true
  if (isLoopback(url.hostname)) return true
  const known = knownHosts.includes(url.hostname) || knownHosts.includes(url.host)
  return known && url.protocol === 'https:' && url.port === ''
}

function hostOf(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined
}

function isLoopback(hostname: string): boolean {
  return (
    hostname === 'localhost' ||
    hostname.endsWith('.localhost') ||
    hostname === '[::1]' ||
    /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(hostname)
  )
}
