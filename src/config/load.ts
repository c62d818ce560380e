import { dirname } from 'node:path'
import { crossProblems } from './cross-checks.ts'
import { type Override, readEnvironment } from './environment.ts'
import { type ConfigFault, ConfigFaults } from './faults.ts'
import { type FoundFile, findFile, homeFolder } from './find-file.ts'
import { type Problem, problemsOf, prototypeProblems } from './issues.ts'
import { fixedKeys } from './keys.ts'
import { type Origin, originsOf, overrideOf } from './origins.ts'
import { type ConfigPath, formatPath, isMapping, valueAt, withValueAt } from './paths.ts'
import { type References, replaceReferences } from './references.ts'
import { type Config, configSchema } from './schema.ts'
import { settle, settleOrigins } from './settle.ts'
import { shownValue } from './shown-value.ts'
import { acceptCommand, untrustedProblems } from './untrusted-file.ts'

export interface LoadOptions {
  /** Values of flags by the dotted paths of their keys; undefined ones were not given. */
  flags?: Readonly<Record<string, unknown>> | undefined
  env: NodeJS.ProcessEnv
  cwd: string
  /** A file that the user named. */
  configPath?: string | undefined
  /** Whether `./config.yaml` is looked at when no file is named; default true. `run` and `connect` say false. */
  implicit?: boolean | undefined
  /** The hosts of the provider presets, with or without ports; null: who loads it sends nothing to backends. */
  knownHosts: readonly string[] | null
}

export interface LoadedConfig {
  /** Complete, with absolute paths. */
  config: Config
  /** Absolute; null when there is none. */
  file: string | null
  /** `LLMPROXY_HOME`, absolute. */
  home: string
  /** By formatted path, for each value of `config`. */
  origins: ReadonlyMap<string, Origin>
  /** Formatted paths whose values came from `${…}`: shown only as set or not set. */
  referenced: ReadonlySet<string>
  /** Lines that the user should see once. */
  notices: readonly string[]
  /** Whether backends were configured at all; if not, presets stand in (`spec/config.md`, Without a file). */
  backendsInFile: boolean
  /** A fault that others find in the values, at its place in the file or with its variable. */
  faultAt(path: ConfigPath, message: string, nearest?: string): ConfigFault
}

/**
 * The configuration in force: flags over variables over the file over defaults. Reads `${file:…}` anew each time.
 * Throws ConfigFaults with every fault found.
 */
export async function loadConfig(options: LoadOptions): Promise<LoadedConfig> {
  const { env, cwd, implicit = true, configPath, knownHosts } = options
  const home = homeFolder(env, cwd)
  const { found, notices } = await findFile({ configPath, env, cwd, home, implicit })
  const fileTree = treeOf(found, knownHosts)
  const backendNames = isMapping(fileTree.backends) ? Object.keys(fileTree.backends) : []
  const environment = readEnvironment(env, backendNames)
  const overrides = [...environment.overrides, ...flagOverrides(options.flags ?? {})]

  let merged: unknown = fileTree
  for (const { path, value } of overrides) merged = withValueAt(merged, path, value)
  const folderOf = (origin: Override | undefined) => (origin || !found ? cwd : dirname(found.path))
  const references = replaceReferences(merged, env, (path) => folderOf(overrideOf(path, overrides)))

  const faultOf = (problem: Problem) => locate(problem, found, overrides)
  const faults = [
    ...environment.faults.map(({ variable, path, message }) => ({
      ...nowhere,
      source: variable,
      path: formatPath(path),
      message,
    })),
    ...references.problems.map(faultOf),
  ]
  const config = validate(references, faults, faultOf)
  const isWritten = (path: ConfigPath) => valueAt(references.tree, path) !== undefined
  const settled = settle(config, {
    folderOf: (path) => (isWritten(path) ? folderOf(overrideOf(path, overrides)) : home),
    rankOf: (path) => (isWritten(path) ? rankOf(overrideOf(path, overrides)) : 0),
  })
  const origins = originsOf(settled, references.tree, overrides, found)
  settleOrigins(config, settled, origins)
  return {
    config: settled,
    file: found?.path ?? null,
    home,
    origins,
    referenced: new Set(references.sources.keys()),
    notices: [...notices, ...environment.notices],
    backendsInFile: valueAt(references.tree, ['backends']) !== undefined,
    faultAt: (path, message, nearest) =>
      faultOf({ path, message, ofKey: false, ...(nearest === undefined ? {} : { nearest }) }),
  }
}

const nowhere = { file: null, line: null, column: null, source: null }

function rankOf(override: Override | undefined): number {
  if (!override) return 1
  return override.origin === 'flag' ? 3 : 2
}

/** The file's mapping, once it is one and may be trusted. */
function treeOf(found: FoundFile | null, knownHosts: readonly string[] | null): Record<string, unknown> {
  if (!found) return {}
  const { yaml, shown } = found
  const tree = yaml.tree ?? {}
  const broken = yaml.faults.map(({ line, column, message }) => ({
    file: shown,
    line,
    column,
    source: null,
    path: '',
    message,
  }))
  if (broken.length > 0) throw new ConfigFaults(broken)
  if (!isMapping(tree)) {
    const message = 'is not a mapping of keys; `llmproxy config init` writes a commented start'
    throw new ConfigFaults([{ ...nowhere, file: shown, line: 1, column: 1, path: '', message }])
  }
  const untrusted = found.implicit ? untrustedProblems(tree, knownHosts) : []
  if (untrusted.length > 0) {
    const next = `if you wrote or trust this file, accept it: ${acceptCommand}`
    throw new ConfigFaults(
      untrusted.map((problem) => locate(problem, found, [])),
      next,
    )
  }
  return tree
}

function flagOverrides(flags: Readonly<Record<string, unknown>>): Override[] {
  const known = new Map(fixedKeys().map(({ path }) => [path.join('.'), path]))
  return Object.entries(flags).flatMap(([name, value]) => {
    const path = known.get(name)
    if (!path) throw new TypeError(`a flag sets ${name}, which is no key of the configuration`)
    return value === undefined ? [] : [{ path, value, origin: 'flag' }]
  })
}

function validate(
  references: References,
  faults: ConfigFault[],
  faultOf: (problem: Problem) => ConfigFault,
): Config {
  const { tree, sources } = references
  const parsed = configSchema.safeParse(tree)
  const problems = [
    ...prototypeProblems(tree),
    ...(parsed.success
      ? crossProblems(parsed.data)
      : problemsOf(parsed.error.issues, tree, (value, path) => shownValue(value, path, sources))),
  ]
  // A value whose reference failed has had its fault.
  const failed = new Set(references.problems.map((problem) => formatPath(problem.path)))
  const all = [...faults, ...problems.filter(({ path }) => !failed.has(formatPath(path))).map(faultOf)]
  if (!parsed.success || all.length > 0) throw new ConfigFaults(all.sort(byPlace))
  return parsed.data
}

function locate(problem: Problem, found: FoundFile | null, overrides: readonly Override[]): ConfigFault {
  const { path, message, nearest } = problem
  const override = overrideOf(path, overrides)
  const fault = { ...nowhere, path: formatPath(path), message, ...(nearest === undefined ? {} : { nearest }) }
  if (override) {
    return { ...fault, source: override.origin === 'flag' ? 'a flag' : override.origin.replace('env ', '') }
  }
  if (!found) return fault
  return { ...fault, file: found.shown, ...found.yaml.place(path, problem.ofKey) }
}

function byPlace(a: ConfigFault, b: ConfigFault): number {
  return (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0)
}
