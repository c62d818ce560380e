/** Where a value stands: keys and list positions from the top. */
export type ConfigPath = readonly (string | number)[]

/** `backends["openai.eu"].models[0]`: how a path stands in messages and tables. */
export function formatPath(path: ConfigPath): string {
  let text = ''
  for (const step of path) {
    if (typeof step === 'number') text += `[${step}]`
    else if (!/^[A-Za-z0-9_-]+$/.test(step)) text += `[${JSON.stringify(step)}]`
    else text += text === '' ? step : `.${step}`
  }
  return text
}

/** Whether `path` is `prefix` or lies below it. */
export function isWithin(path: ConfigPath, prefix: ConfigPath): boolean {
  return prefix.length <= path.length && prefix.every((step, i) => step === path[i])
}

export function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The value at a path, or undefined where there is none of its own. */
export function valueAt(tree: unknown, path: ConfigPath): unknown {
  let value = tree
  for (const step of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined
    value = (value as Record<string | number, unknown>)[step]
  }
  return value
}

/**
 * A copy of `tree` with `value` at `path`. Mappings on the way are made where they are missing; where
 * something else stands in the way the tree stays as it is, so that its own fault is found.
 */
export function withValueAt(tree: unknown, path: ConfigPath, value: unknown): unknown {
  const [step, ...rest] = path
  if (step === undefined) return value
  if (tree !== undefined && !isMapping(tree)) return tree
  const below = valueAt(tree, [step])
  return { ...tree, [step]: withValueAt(below, rest, value) }
}

/** The text values of a tree replaced by what `replace` gives for them. */
export function mapTexts(
  tree: unknown,
  replace: (text: string, path: ConfigPath) => unknown,
  path: ConfigPath = [],
): unknown {
  if (typeof tree === 'string') return replace(tree, path)
  if (Array.isArray(tree)) return tree.map((item, i) => mapTexts(item, replace, [...path, i]))
  if (!isMapping(tree)) return tree
  return Object.fromEntries(
    Object.entries(tree).map(([key, item]) => [key, mapTexts(item, replace, [...path, key])]),
  )
}
