import { hasReference, interpolate } from './interpolate.ts'
import type { Problem } from './issues.ts'
import { schemaAt } from './keys.ts'
import { readOutsideValue } from './outside-value.ts'
import { type ConfigPath, formatPath, mapTexts } from './paths.ts'

export interface References {
  /** The tree with every reference replaced. */
  tree: unknown
  /** What was written at the paths that had references: safe to show where the value is not. */
  sources: ReadonlyMap<string, string>
  problems: readonly Problem[]
}

/**
 * Replaces the references in a tree's texts. Where the key wants a number or true/false, the result is read
 * as one. `folderOf` gives the folder that a relative `${file:…}` at a path starts from.
 */
export function replaceReferences(
  tree: unknown,
  env: NodeJS.ProcessEnv,
  folderOf: (path: ConfigPath) => string,
): References {
  const sources = new Map<string, string>()
  const problems: Problem[] = []
  const replaced = mapTexts(tree, (text, path) => {
    if (!text.includes('${')) return text
    if (hasReference(text)) sources.set(formatPath(path), text)
    const result = interpolate(text, env, folderOf(path))
    if ('fault' in result) {
      problems.push({ path, message: result.fault, ofKey: false })
      return text
    }
    const schema = schemaAt(path)
    const read = schema && readOutsideValue(result.text, schema, `the value of ${text}`)
    if (!read) return result.text
    if ('value' in read) return read.value
    problems.push({ path, message: read.problem, ofKey: false })
    return text
  })
  return { tree: replaced, sources, problems }
}
