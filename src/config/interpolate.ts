import { readFileSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { resolve } from 'node:path'

const maxFileBytes = 1_000_000

export type Interpolated = { text: string } | { fault: string }

/** Whether a text has a `${…}` that is to be replaced. */
export function hasReference(text: string): boolean {
  return /(?<!\$)\$\{/.test(text)
}

/**
 * Replaces `${NAME}`, `${NAME:-default}` (also for an empty variable, as in shells) and `${file:PATH}` (its
 * content without white space at the ends; relative to `folder`). `$${` stands for a literal `${`.
 * Faults name the variable or file, never a value.
 */
export function interpolate(text: string, env: NodeJS.ProcessEnv, folder: string): Interpolated {
  const faults: string[] = []
  const replaced = text.replace(
    /\$\$\{|\$\{([^}]*)(\}?)/g,
    (match, inner: string | undefined, end: string) => {
      if (inner === undefined) return '${'
      const result = end === '' ? { fault: `a \${ has no closing }` } : resolveReference(inner, env, folder)
      if ('text' in result) return result.text
      faults.push(result.fault)
      return match
    },
  )
  const [fault] = faults
  return fault === undefined ? { text: replaced } : { fault }
}

function resolveReference(inner: string, env: NodeJS.ProcessEnv, folder: string): Interpolated {
  if (inner.startsWith('file:')) return readSecret(inner.slice('file:'.length), folder)
  const [, name, fallback] = /^([A-Za-z_][A-Za-z0-9_]*)(?::-(.*))?$/s.exec(inner) ?? []
  if (name === undefined) {
    return {
      fault: `\${${inner}} is not \${NAME}, \${NAME:-default} or \${file:PATH}; write $\${ for a literal \${`,
    }
  }
  if (fallback?.includes('${')) return { fault: `the default of \${${name}:-…} cannot hold another \${…}` }
  const value = env[name]
  if (fallback !== undefined) return { text: value || fallback }
  if (value === undefined) {
    return { fault: `the variable ${name} is not set; set it, or give a default: \${${name}:-}` }
  }
  return { text: value }
}

function readSecret(path: string, folder: string): Interpolated {
  const absolute = resolveFrom(folder, path)
  try {
    const stat = statSync(absolute)
    if (!stat.isFile()) return { fault: `\${file:${path}}: ${absolute} is not a regular file` }
    if (stat.size > maxFileBytes) return { fault: `\${file:${path}}: ${absolute} is larger than 1 MB` }
    return { text: readFileSync(absolute, 'utf8').trim() }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
    const reason = code === 'ENOENT' ? 'there is no such file' : `it cannot be read (${code})`
    return { fault: `\${file:${path}}: ${reason}: ${absolute}` }
  }
}

/** A path as people write it: `~/` is their home, anything relative starts from `folder`. */
export function resolveFrom(folder: string, path: string): string {
  return path.startsWith('~/') ? resolve(homedir(), path.slice(2)) : resolve(folder, path)
}
