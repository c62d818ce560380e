import { isObject, type Json } from '../../core/json.ts'

export interface JsonDifference {
  path: string
  before: Json | undefined
  after: Json | undefined
}

interface Pair extends JsonDifference {
  depth: number
}

/** Deeper than anything that is meant; what comes from outside may have no end. */
const deepest = 100

/**
 * Where two values are not the same, in the order of their members: those of `before`, then what only `after` has.
 * Lists are compared place by place. Members that are undefined are not there.
 */
export function* jsonDifferences(
  before: Json | undefined,
  after: Json | undefined,
  path = '',
): Generator<JsonDifference> {
  const waiting: Pair[] = [{ path, before, after, depth: 0 }]
  for (let pair = waiting.pop(); pair; pair = waiting.pop()) {
    const inner = pair.depth < deepest ? membersOf(pair) : null
    if (inner) for (const member of inner.reverse()) waiting.push(member)
    else if (!isSame(pair.before, pair.after)) {
      yield { path: pair.path, before: pair.before, after: pair.after }
    }
  }
}

/** Null where at least one side is no list or object, or they are not of the same kind. */
function membersOf({ path, before, after, depth }: Pair): Pair[] | null {
  if (Array.isArray(before) && Array.isArray(after)) {
    return Array.from({ length: Math.max(before.length, after.length) }, (_, at) => ({
      ...{ path: `${path}[${at}]`, before: before[at], after: after[at], depth: depth + 1 },
    }))
  }
  if (!isObject(before) || !isObject(after)) return null
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])]
  return names.map((name) => ({
    ...{ path: memberPath(path, name), before: own(before, name), after: own(after, name), depth: depth + 1 },
  }))
}

function memberPath(path: string, name: string): string {
  if (!/^[\w$-]+$/.test(name)) return `${path}[${JSON.stringify(name)}]`
  return path === '' ? name : `${path}.${name}`
}

function own(value: { [key: string]: Json | undefined }, name: string): Json | undefined {
  return Object.hasOwn(value, name) ? value[name] : undefined
}

function isSame(before: Json | undefined, after: Json | undefined): boolean {
  if (typeof before !== 'object' || typeof after !== 'object') return before === after
  if (before === null || after === null) return before === after
  try {
    return JSON.stringify(before) === JSON.stringify(after)
  } catch {
    // Nested too deeply to be told.
    return false
  }
}
