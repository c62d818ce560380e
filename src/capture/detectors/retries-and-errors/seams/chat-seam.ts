import { arrayAt, type Json, numberAt, objectAt, stringAt } from '../../../../core/json.ts'
import type { SeamFollower, SeamTold } from './seam-follower.ts'

interface OpenChoice {
  id: string | undefined
  /** Something without a role has come. */
  hasMiddle: boolean
}

/** Another id, and its role again: some providers give every chunk an id, some every chunk a role. */
export function chatSeam(): SeamFollower {
  const open = new Map<number, OpenChoice>()
  return (chunk) => {
    const id = stringAt(chunk, 'id') || undefined
    for (const choice of arrayAt(chunk, 'choices') ?? []) {
      const told = take(open, choice, id)
      if (told) return told
    }
    return null
  }
}

function take(open: Map<number, OpenChoice>, choice: Json, id: string | undefined): SeamTold | null {
  const index = numberAt(choice, 'index') ?? 0
  const hasRole = Boolean(stringAt(objectAt(choice, 'delta'), 'role'))
  const before = open.get(index)
  const isOther = id !== undefined && before?.id !== undefined && id !== before.id
  if (before?.hasMiddle && hasRole && isOther) {
    return { what: 'another one began with its role', first: before.id ?? null, second: id }
  }
  if (stringAt(choice, 'finish_reason')) open.delete(index)
  else if (before) before.hasMiddle ||= !hasRole
  else if (hasRole) open.set(index, { id, hasMiddle: false })
  return null
}
