import { readFile, realpath } from 'node:fs/promises'
import { homedir } from 'node:os'
import { resolve } from 'node:path'
import { ConfigFaults } from './faults.ts'
import { isMapping } from './paths.ts'
import { parseYaml, type YamlFile } from './yaml-file.ts'

/** A file that configures us. */
export interface FoundFile {
  /** Absolute. */
  path: string
  /** As the user would name it. */
  shown: string
  yaml: YamlFile
  /** Nobody named it: it came with the working directory, which somebody else may have written. */
  implicit: boolean
}

export interface FileSearch {
  configPath?: string | undefined
  env: NodeJS.ProcessEnv
  cwd: string
  home: string
  /** Whether `./config.yaml` is looked at. */
  implicit: boolean
}

/** `./config.yaml` is a name that many programs use: one of these keys makes it ours. */
const ownKeys = [
  'backends',
  'usage_tracking',
  'wire_capture',
  'health_check',
  'replacement',
  'model_aliases',
  'failover_routes',
] as const

/** Our folder: `LLMPROXY_HOME`, else `~/.llmproxy`; absolute. */
export function homeFolder(env: NodeJS.ProcessEnv, cwd: string): string {
  return env.LLMPROXY_HOME ? resolve(cwd, env.LLMPROXY_HOME) : resolve(homedir(), '.llmproxy')
}

/**
 * The file to read, in the order of `spec/config.md`; null when there is none. `notices` are lines for the user.
 * A named file that cannot be read is a fault.
 */
export async function findFile(search: FileSearch): Promise<{ found: FoundFile | null; notices: string[] }> {
  const named = search.configPath || search.env.LLMPROXY_CONFIG
  if (named) return { found: await readNamed(resolve(search.cwd, named), named), notices: [] }
  const homePath = resolve(search.home, 'config.yaml')
  const herePath = resolve(search.cwd, 'config.yaml')
  const looksHere = search.implicit && !(await isSameFile(herePath, homePath))
  const here = looksHere ? await readHere(herePath) : {}
  if (here.found) return { found: here.found, notices: [] }
  const notices = here.notice === undefined ? [] : [here.notice]
  const text = await readIfThere(homePath)
  if (text === null) return { found: null, notices }
  return { found: { path: homePath, shown: homePath, yaml: parseYaml(text), implicit: false }, notices }
}

async function readHere(path: string): Promise<{ found?: FoundFile; notice?: string }> {
  const accept = 'if it is meant for llmproxy, add --config ./config.yaml'
  try {
    const text = await readIfThere(path)
    if (text === null) return {}
    const yaml = parseYaml(text)
    if (isOurs(yaml, text)) return { found: { path, shown: './config.yaml', yaml, implicit: true } }
    return { notice: `./config.yaml is not used: it has none of ${ownKeys.join(', ')}; ${accept}` }
  } catch (error) {
    if (!(error instanceof ConfigFaults)) throw error
    return { notice: `./config.yaml is not used: it cannot be read; ${accept}` }
  }
}

/** A broken text may give no values; then what begins its lines decides. */
function isOurs({ tree, faults }: YamlFile, text: string): boolean {
  if (isMapping(tree)) return ownKeys.some((key) => Object.hasOwn(tree, key))
  return faults.length > 0 && new RegExp(`^(?:${ownKeys.join('|')})\\s*:`, 'm').test(text)
}

async function readNamed(path: string, shown: string): Promise<FoundFile> {
  try {
    return { path, shown, yaml: parseYaml(await readFile(path, 'utf8')), implicit: false }
  } catch (error) {
    throw new ConfigFaults([unreadable(shown, error)])
  }
}

/** Null where there is no such file. */
async function readIfThere(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    const code = codeOf(error)
    if (code === 'ENOENT' || code === 'EISDIR' || code === 'ENOTDIR') return null
    throw new ConfigFaults([unreadable(path, error)])
  }
}

function unreadable(file: string, error: unknown) {
  const reasons: Record<string, string> = {
    ENOENT: 'there is no such file; `llmproxy config init` writes a commented start',
    EISDIR: 'is a folder, not a file',
    EACCES: 'cannot be read: permission denied',
  }
  const code = codeOf(error)
  const message = reasons[code] ?? `cannot be read (${code})`
  return { file, line: null, column: null, source: null, path: '', message }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
}

async function isSameFile(a: string, b: string): Promise<boolean> {
  if (a === b) return true
  const [realA, realB] = await Promise.all([a, b].map((path) => realpath(path).catch(() => null)))
  return realA !== null && realA === realB
}
