import { isObject, type Json, type JsonObject } from '../../../core/json.ts'

/** One place in which two JSON values differ. */
export interface Change {
  path: string
  how: 'lost' | 'added' | 'changed'
  before: Json | undefined
  after: Json | undefined
}

const mostChanges = 50

/**
 * Where `after` is not `before`, the innermost places; the order of keys does not count. Lists are compared from both
 * ends, so that an element lost in the middle is one change.
 */
export function changedPaths(before: Json | undefined, after: Json | undefined): Change[] {
  const changes: Change[] = []
  collect(before, after, '', changes)
  return changes
}

function collect(before: Json | undefined, after: Json | undefined, path: string, into: Change[]): void {
  if (before === after || into.length >= mostChanges) return
  if (before === undefined) into.push({ path, how: 'added', before, after })
  else if (after === undefined) into.push({ path, how: 'lost', before, after })
  else if (Array.isArray(before) && Array.isArray(after)) collectList(before, after, path, into)
  else if (isObject(before) && isObject(after)) collectMembers(before, after, path, into)
  else into.push({ path, how: 'changed', before, after })
}

function collectMembers(before: JsonObject, after: JsonObject, path: string, into: Change[]): void {
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    collect(before[key], after[key], path === '' ? key : `${path}.${key}`, into)
  }
}

function collectList(before: Json[], after: Json[], path: string, into: Change[]): void {
  const shorter = Math.min(before.length, after.length)
  let head = 0
  while (head < shorter && isEqual(before[head], after[head])) head++
  let tail = 0
  while (tail < shorter - head && isEqual(before[before.length - 1 - tail], after[after.length - 1 - tail]))
    tail++
  const [oldEnd, newEnd] = [before.length - tail, after.length - tail]
  for (let at = head; at < Math.max(oldEnd, newEnd); at++) {
    const [old, now] = [at < oldEnd ? before[at] : undefined, at < newEnd ? after[at] : undefined]
    collect(old, now, `${path}[${at}]`, into)
  }
}

function isEqual(one: Json | undefined, other: Json | undefined): boolean {
  if (one === other) return true
  if (Array.isArray(one)) {
    return (
      Array.isArray(other) &&
      one.length === other.length &&
      one.every((element, at) => isEqual(element, other[at]))
    )
  }
  if (!isObject(one) || !isObject(other)) return false
  const keys = Object.keys(one)
  return keys.length === Object.keys(other).length && keys.every((key) => isEqual(one[key], other[key]))
}
