import { join } from 'node:path'
import { type JsonObject, objectAt, stringAt } from '../../core/json.ts'
import { type ClientStart, type Launch, type Machine, startHeaders } from './client.ts'
import { readJson } from './read-json.ts'

const headersVariable = 'ANTHROPIC_CUSTOM_HEADERS'

/** What is known of Claude Code here. */
export interface ClaudeFacts {
  /** The user's own settings. */
  settingsFile: string
  /** Variables that stand for a login where there is none. */
  login: Readonly<Record<string, string>>
}

/**
 * Claude Code puts the variables of its settings above those of its environment. Where one of ours stands there, the
 * start is given settings of its own, which are above both.
 */
export function launchClaude(start: ClientStart, machine: Machine, facts: ClaudeFacts): Launch {
  const given = givenSettings(start, machine)
  const files = [
    facts.settingsFile,
    join(start.cwd, '.claude', 'settings.json'),
    join(start.cwd, '.claude', 'settings.local.json'),
  ]
  const written = [...files.map((file) => readJson(machine, file)), given.settings].map(
    (settings) => objectAt(settings, 'env') ?? {},
  )
  const inForce = written.findLast((env) => stringAt(env, headersVariable) !== undefined) ?? {}
  const before = stringAt(inForce, headersVariable) ?? machine.env[headersVariable]
  const env = {
    ANTHROPIC_BASE_URL: start.url,
    [headersVariable]: withHeaderLines(before, startHeaders(start)),
    ...facts.login,
  }
  if (!written.some((each) => Object.keys(env).some((name) => Object.hasOwn(each, name)))) {
    return { env, args: start.args }
  }
  const settings = { ...given.settings, env: { ...objectAt(given.settings, 'env'), ...env } }
  const file = start.keepFile('claude-settings.json', JSON.stringify(settings))
  return { env, args: ['--settings', file, ...given.otherArgs] }
}

/** Lines `name: value`: the user's own stay, ours from before go. */
export function withHeaderLines(
  before: string | undefined,
  headers: readonly (readonly [name: string, value: string])[],
): string {
  const isOurs = (line: string) => headers.some(([name]) => line.toLowerCase().startsWith(`${name}:`))
  const others = (before ?? '').split('\n').filter((line) => line !== '' && !isOurs(line))
  return [...others, ...headers.map(([name, value]) => `${name}: ${value}`)].join('\n')
}

/** The user's own `--settings`, JSON or a file: Claude Code takes the last one only. */
function givenSettings(
  { args, cwd }: ClientStart,
  machine: Machine,
): { settings: JsonObject; otherArgs: readonly string[] } {
  const at = args.findIndex((arg) => arg === '--settings' || arg.startsWith('--settings='))
  const arg = args[at]
  if (arg === undefined) return { settings: {}, otherArgs: args }
  const isJoined = arg !== '--settings'
  const value = (isJoined ? arg.slice('--settings='.length) : args[at + 1]) ?? ''
  const inline = value.trimStart().startsWith('{')
  const source: Machine = inline ? { ...machine, readText: () => value } : machine
  const file = value.startsWith('/') ? value : join(cwd, value)
  return { settings: readJson(source, file), otherArgs: args.toSpliced(at, isJoined ? 1 : 2) }
}
