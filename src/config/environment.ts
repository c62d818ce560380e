import { nearest } from '../core/nearest.ts'
import { bare, fixedKeys, schemaAt } from './keys.ts'
import { readOutsideValue } from './outside-value.ts'
import { isMapping } from './paths.ts'
import { backendNamePattern } from './schema/backends.ts'

/** A value that stands above the file's. */
export interface Override {
  path: readonly string[]
  value: unknown
  /** `flag` or `env NAME` */
  origin: string
}

export interface Environment {
  /** Mappings before the keys in them, so that the more exact name wins. */
  overrides: Override[]
  faults: { variable: string; path: readonly string[]; message: string }[]
  /** Lines about variables that look like ours and are not. */
  notices: string[]
}

interface Variable {
  name: string
  path: readonly string[]
}

const prefix = 'LLMPROXY_'

// The founding page's sections, whose keys are also read without the prefix.
const bareSections: ReadonlySet<string> = new Set([
  'usage_tracking',
  'wire_capture',
  'health_check',
  'replacement',
])

// Ours, but no keys of the configuration.
const otherVariables: ReadonlySet<string> = new Set(
  ['HOME', 'CONFIG', 'URL', 'API_KEY', 'TEST_LONG', 'CORPUS'].map((name) => prefix + name),
)

/** Older names of the same keys. */
const otherNames: readonly Variable[] = [
  { name: 'REPLACEMENT_RULES', path: ['replacement', 'replacement_rules'] },
]

/** Every variable with a fixed name, each bare one before its prefixed name, which wins. */
export const fixedVariables: readonly Variable[] = [
  ...otherNames,
  ...fixedKeys().flatMap(({ path, section }) => {
    const name = path.join('_').toUpperCase()
    const prefixed = { name: prefix + name, path }
    return bareSections.has(path[0] ?? '') && !section ? [{ name, path }, prefixed] : [prefixed]
  }),
]

/**
 * The values that variables give. An empty variable counts as not set. `backendNames` are those of the file;
 * `LLMPROXY_BACKENDS_OPENAI_EU_API_URL` means `openai.eu` where that is one of them, else `openai_eu`.
 */
export function readEnvironment(env: NodeJS.ProcessEnv, backendNames: readonly string[]): Environment {
  const result: Environment = { overrides: [], faults: [], notices: [] }
  const named = new Set(fixedVariables.map((variable) => variable.name))
  const others = Object.keys(env).filter((name) => name.startsWith(prefix) && !named.has(name))
  const ofBackends: Variable[] = []
  for (const name of others.filter((name) => !otherVariables.has(name)).sort()) {
    const variable = backendVariable(name, backendNames)
    if (variable) ofBackends.push(variable)
    else result.notices.push(unknownVariable(name, named))
  }
  for (const variable of [...fixedVariables, ...ofBackends]) take(variable, env, result)
  result.overrides.sort((a, b) => a.path.length - b.path.length)
  return result
}

function take({ name, path }: Variable, env: NodeJS.ProcessEnv, result: Environment): void {
  const text = env[name]
  const schema = schemaAt(path)
  if (!text || !schema) return
  const read = readOutsideValue(text, schema)
  if ('problem' in read) result.faults.push({ variable: name, path, message: read.problem })
  else result.overrides.push(...overridesOf(path, read.value, `env ${name}`))
}

/** A section's mapping sets the keys that it names and leaves the others. */
function overridesOf(path: readonly string[], value: unknown, origin: string): Override[] {
  const schema = schemaAt(path)
  const isSection = schema !== undefined && 'shape' in bare(schema)
  if (!isSection || !isMapping(value)) return [{ path, value, origin }]
  return Object.entries(value).flatMap(([key, below]) => overridesOf([...path, key], below, origin))
}

const backendKeys = fixedKeys(schemaAt(['backends', '*']))

function backendVariable(name: string, backendNames: readonly string[]): Variable | undefined {
  const start = `${prefix}BACKENDS_`
  if (!name.startsWith(start)) return undefined
  const rest = name.slice(start.length)
  let best: { backend: string; key: readonly string[] } | undefined
  for (const { path: key } of backendKeys) {
    const end = `_${key.join('_').toUpperCase()}`
    const backend = rest.slice(0, -end.length)
    if (rest.endsWith(end) && backend && (!best || backend.length < best.backend.length))
      best = { backend, key }
  }
  if (!best) return undefined
  const { backend, key } = best
  const written = backendNames.find((known) => known.replace(/[.-]/g, '_').toUpperCase() === backend)
  const target = written ?? backend.toLowerCase()
  return backendNamePattern.test(target) ? { name, path: ['backends', target, ...key] } : undefined
}

function unknownVariable(name: string, known: ReadonlySet<string>): string {
  const near = nearest(name, known)
  const guess = near === undefined ? '' : `; did you mean ${near}?`
  return `the variable ${name} names no key of the configuration and is not used${guess}`
}
