import type { Backend } from '../core/backend.ts'

/** What the names in selectors mean among the configured backends. */
export interface BackendNames {
  /** The backends that a name or type stands for, in configured order; empty when nothing is called so. */
  called(name: string): readonly Backend[]
  isKnown(name: string): boolean
  byName(name: string): Backend | undefined
  /** For error messages. */
  readonly all: readonly string[]
}

export function createBackendNames(backends: readonly Backend[]): BackendNames {
  const byName = new Map(backends.map((backend) => [backend.name, backend]))
  const meanings = new Map<string, readonly Backend[]>()
  for (const name of new Set(backends.flatMap((backend) => [backend.name, backend.type]))) {
    meanings.set(name, meaning(name, backends))
  }
  return {
    called: (name) => meanings.get(name) ?? [],
    isKnown: (name) => meanings.has(name),
    byName: (name) => byName.get(name),
    all: [...meanings.keys()],
  }
}

/**
 * A backend that somebody configured under the name; else the type's instances (`openai.us`, `openai.eu`
 * for `openai`), which the preset that is merely always there must not hide; else that preset; else
 * whatever is of the type.
 */
function meaning(name: string, backends: readonly Backend[]): readonly Backend[] {
  const same = backends.filter((backend) => backend.name === name)
  if (same.some((backend) => backend.configured)) return same
  const ofType = backends.filter((backend) => backend.type === name)
  const instances = ofType.filter((backend) => backend.name.startsWith(`${name}.`))
  if (instances.length > 0) return instances
  return same.length > 0 ? same : ofType
}
