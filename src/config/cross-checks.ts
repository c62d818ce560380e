import type { Problem } from './issues.ts'
import type { ConfigPath } from './paths.ts'
import type { AccessKeyConfig, Config } from './schema.ts'

/** What is wrong between keys that are each right in themselves. */
export function crossProblems(config: Config): Problem[] {
  return [...keyProblems(config), ...bodyProblems(config)]
}

function keyProblems({ auth, usage_tracking }: Config): Problem[] {
  const problems: Problem[] = []
  const names = new Set(plainKeyNames(auth.api_keys))
  for (const [i, entry] of auth.api_keys.entries()) {
    const path: ConfigPath = ['auth', 'api_keys', i]
    if (typeof entry === 'string') continue
    if (names.has(entry.name)) {
      problems.push({
        path: [...path, 'name'],
        message: `another access key is called ${entry.name}; give each its own name`,
        ofKey: false,
      })
    }
    names.add(entry.name)
    if (hasSpendingLimit(entry) && !usage_tracking.enabled) {
      problems.push({
        path: [...path, 'usd_per_day'],
        message: 'cannot be kept without a ledger; set usage_tracking.enabled: true, or remove the limit',
        ofKey: false,
      })
    }
  }
  return problems
}

/** What keys that are given as plain strings are called: those of the admin. */
export function plainKeyNames(entries: readonly AccessKeyConfig[]): string[] {
  const plain = entries.filter((entry) => typeof entry === 'string')
  return plain.map((_, index) => (index === 0 ? 'admin' : `admin${index + 1}`))
}

function hasSpendingLimit(entry: AccessKeyConfig): boolean {
  return typeof entry !== 'string' && entry.usd_per_day !== null
}

function bodyProblems({ max_body_mb, max_bodies_mb }: Config): Problem[] {
  if (max_bodies_mb >= max_body_mb) return []
  const message = `got ${max_bodies_mb}, less than max_body_mb (${max_body_mb}): the largest body could never pass`
  return [{ path: ['max_bodies_mb'], message, ofKey: false }]
}
