import type { SettingsFormat } from '../settings/format.ts'
import type { Edit } from '../settings/settings-file.ts'

/** Where a client is to find the proxy. */
export interface Connection {
  /** Without a trailing slash. */
  url: string
  accessKey: AccessKey | null
}

/** The access key to send along. */
export interface AccessKey {
  value: string
  /** The variable that holds it, so that lines to paste need not show it; null when it was given as a flag. */
  variable: string | null
}

/** What a client's own files and variables say; read once, so that the rest is pure. */
export interface Machine {
  env: NodeJS.ProcessEnv
  home: string
  /** A file's text; null when it is not there or cannot be read. */
  readText: (path: string) => string | null
}

/** How a client is logged in to its provider. */
export interface Login {
  /** In words for the list: `API key`, `ChatGPT plan`, `not logged in`. */
  words: string
  /** none: there is nothing to send, so the proxy's own provider keys are used. */
  kind: 'key' | 'plan' | 'none'
  /** Why nothing of it passes through a proxy, with what to do; null where it can be measured. */
  unmeasured: string | null
}

export interface SettingsTarget {
  file: string
  format: () => SettingsFormat | Promise<SettingsFormat>
  edits: readonly Edit[]
}

/** One start of a client by `llmproxy run`: where the proxy is, and what goes along with each request. */
export interface ClientStart {
  /** Without a trailing slash. */
  url: string
  /** The value of the header `x-llmproxy-tags`. */
  tags: string
  /** The client finds it in `accessKeyVariable` too, so that no argument shows it. */
  accessKey: string | null
  /** What the user wrote behind the client's name. */
  args: readonly string[]
  cwd: string
  /** Writes a file that only this user can read, gone when the client has ended; its path. */
  keepFile(name: string, text: string): string
}

/** What a start adds to the environment, and all arguments. */
export interface Launch {
  env: Readonly<Record<string, string>>
  args: readonly string[]
}

/** One AI client: how it is told about the proxy. Adding one is a file here and a line in `index.ts`. */
export interface Client {
  name: string
  title: string
  /** What is looked for in PATH; null for a package that is no program. */
  command: string | null
  login(machine: Machine): Login
  /** Lines for a shell, complete. */
  lines(connection: Connection, machine: Machine): string[]
  /** What a person should know about it; may be empty. */
  notes(connection: Connection, machine: Machine): string[]
  /** Its settings file, for `--write`; undefined when it reads nothing but its environment. */
  settings?(connection: Connection, machine: Machine): SettingsTarget
  /**
   * How one start is sent through the proxy with nothing written to its settings; undefined for a client that sends no
   * headers of ours, which is started like any other command.
   */
  launch?(start: ClientStart, machine: Machine): Launch
  /** A line that installs it. */
  install?: string
}

/** What stands for a credential where a client insists on one; the proxy counts it as none (`spec/config.md`). */
export const placeholder = 'llmproxy'

/** The header that carries an access key beside the client's own login. */
export const accessHeader = 'x-llmproxy-key'

/** The variable that holds an access key. */
export const accessKeyVariable = 'LLMPROXY_API_KEY'

/** The header with tags for the exchange's record. */
export const tagsHeader = 'x-llmproxy-tags'

/** What a started client sends beside its own headers. The tags come last: their commas part headers in some lists. */
export function startHeaders({
  accessKey,
  tags,
}: Pick<ClientStart, 'accessKey' | 'tags'>): [string, string][] {
  return [...(accessKey === null ? [] : [[accessHeader, accessKey] as [string, string]]), [tagsHeader, tags]]
}
