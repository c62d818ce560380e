import { createSecrets } from '../core/secrets/secrets.ts'
import type { LoadedConfig } from './load.ts'
import { leavesOf, type Origin } from './origins.ts'
import { type ConfigPath, formatPath } from './paths.ts'
import { isSecretPath } from './secret-paths.ts'

/** One effective value, fit to be shown. */
export interface ConfigRow {
  path: ConfigPath
  /** `set` or `not set` for secrets and for what `${…}` brought. */
  value: unknown
  /** Whether the value was hidden. */
  secret: boolean
  origin: Origin
}

/** Every effective value in the schema's order, with its origin and without secrets. */
export function configRows({ config, origins, referenced }: LoadedConfig): ConfigRow[] {
  const { redactText } = createSecrets()
  return leavesOf(config).map(({ path, value }) => {
    const name = formatPath(path)
    // A number or a switch that came from a reference is none; a text could be anything.
    const isPlain =
      value === null || typeof value === 'number' || typeof value === 'boolean' || isEmptyGroup(value)
    const hidden = !isPlain && (isSecretPath(path) || isReferenced(path, referenced))
    return {
      path,
      secret: hidden,
      value: hidden ? setOrNot(value) : openly(value, redactText),
      origin: origins.get(name) ?? 'default',
    }
  })
}

/** An empty list or mapping: nothing in it to hide. */
function isEmptyGroup(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0
}

/** Whether a value, what it stands in, or one in the list that it is, came from a reference. */
function isReferenced(path: ConfigPath, referenced: ReadonlySet<string>): boolean {
  const name = formatPath(path)
  return [...referenced].some(
    (other) =>
      other.startsWith(`${name}[`) || path.some((_, i) => formatPath(path.slice(0, i + 1)) === other),
  )
}

function setOrNot(value: unknown): string {
  return value === '' ? 'not set' : 'set'
}

function openly(value: unknown, redactText: (text: string) => string): unknown {
  if (typeof value === 'string') return redactText(value)
  return Array.isArray(value) ? value.map((item) => openly(item, redactText)) : value
}

/** The rows as text in the shape of the file, each value with its origin as a comment. */
export function configText(rows: readonly ConfigRow[], file: string | null): string {
  const lines: { text: string; origin: string }[] = []
  let above: ConfigPath = []
  for (const { path, value, secret, origin } of rows) {
    const parents = path.slice(0, -1)
    let depth = 0
    while (depth < parents.length && parents[depth] === above[depth]) depth++
    for (; depth < parents.length; depth++) lines.push({ text: `${keyText(path, depth)}:`, origin: '' })
    const shown = secret ? value : JSON.stringify(value)
    lines.push({ text: `${keyText(path, parents.length)}: ${shown}`, origin })
    above = path
  }
  const width = Math.min(60, Math.max(...lines.map(({ text }) => text.length)))
  const head = file === null ? '# no configuration file' : `# file: ${file}`
  const body = lines.map(({ text, origin }) => (origin ? `${text.padEnd(width)}  # ${origin}` : text))
  return [head, ...body].join('\n')
}

function keyText(path: ConfigPath, depth: number): string {
  const step = path[depth]
  return `${'  '.repeat(depth)}${typeof step === 'number' ? `"[${step}]"` : plainOrQuoted(String(step))}`
}

function plainOrQuoted(text: string): string {
  return /^[A-Za-z][\w.-]*$/.test(text) ? text : JSON.stringify(text)
}
