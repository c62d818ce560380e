import type { z } from 'zod'
import { nearest } from '../core/nearest.ts'
import { allowedWords } from './allowed.ts'
import { keysOf, schemaAt } from './keys.ts'
import { type ConfigPath, isMapping, valueAt } from './paths.ts'

/** What is wrong at a path, before it is known where in the file that is. */
export interface Problem {
  path: ConfigPath
  message: string
  nearest?: string
  /** The key itself is wrong, rather than its value. */
  ofKey: boolean
}

type Issue = z.core.$ZodIssue

/** Writes a value into a message so that no secret shows. */
export type ShowValue = (value: unknown, path: ConfigPath) => string

/** The schema's issues in our words, one problem for each fault. */
export function problemsOf(issues: readonly Issue[], tree: unknown, shown: ShowValue): Problem[] {
  return issues.flatMap((issue) => problemsOfIssue(issue, tree, shown))
}

function problemsOfIssue(issue: Issue, tree: unknown, shown: ShowValue): Problem[] {
  const path = issue.path.map((step) => (typeof step === 'number' ? step : String(step)))
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => unknownKey([...path, key], keysOf(schemaAt(path))))
    case 'invalid_key':
      return issue.issues.map(({ message }) => ({ path, message, ofKey: true }))
    case 'custom':
      return [{ path, message: issue.message, ofKey: false }]
    case 'invalid_union': {
      const inner = mappingIssues(issue, valueAt(tree, path))
      if (inner) {
        const rebased = inner.map((one) => ({ ...one, path: [...issue.path, ...one.path] }))
        return problemsOf(rebased, tree, shown)
      }
      break
    }
  }
  return [{ path, message: wrongValue(path, valueAt(tree, path), shown), ofKey: false }]
}

function wrongValue(path: ConfigPath, value: unknown, shown: ShowValue): string {
  const schema = schemaAt(path)
  const allowed = schema ? `; allowed: ${allowedWords(schema)}` : ''
  if (value === undefined) return `is missing${allowed}`
  if (value === null) return `has no value${allowed}; to take the default, remove the line`
  if (value === '') return `is empty${allowed}`
  if (Array.isArray(value) && value.length === 0)
    return 'is an empty list; to take the default, remove the line'
  return `got ${shown(value, path)}${allowed}`
}

/** Where a mapping was written and one of the choices is a mapping, what that choice has against it. */
function mappingIssues(issue: z.core.$ZodIssueInvalidUnion, value: unknown): Issue[] | undefined {
  if (!isMapping(value)) return undefined
  return issue.errors.find((issues) =>
    issues.every(
      (one) => one.path.length > 0 || (one.code !== 'invalid_type' && one.code !== 'invalid_value'),
    ),
  )
}

function unknownKey(path: ConfigPath, known: readonly string[]): Problem {
  const key = String(path.at(-1))
  const near = nearest(key, known)
  const guess = near === undefined ? '' : `did you mean ${near}? `
  const message = `unknown key ${JSON.stringify(key)}; ${guess}known here: ${known.join(', ')}`
  return { path, message, ofKey: true, ...(near === undefined ? {} : { nearest: near }) }
}

/** Keys called `__proto__` where keys are the user's own: the schema passes them over in silence. */
export function prototypeProblems(tree: unknown, path: ConfigPath = []): Problem[] {
  if (typeof tree !== 'object' || tree === null) return []
  return Object.entries(tree).flatMap(([key, below]) => {
    const at = [...path, Array.isArray(tree) ? Number(key) : key]
    if (key === '__proto__' && keysOf(schemaAt(path)).length === 0) {
      return [{ path: at, message: 'cannot be a key', ofKey: true }]
    }
    return prototypeProblems(below, at)
  })
}
