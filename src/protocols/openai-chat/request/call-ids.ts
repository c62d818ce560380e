import { createHash } from 'node:crypto'
import { chatIds, idForBackend } from '../../translation/tool-call-ids.ts'
import type { ChatDialect } from './dialects.ts'

const nine = /^[a-zA-Z0-9]{9}$/

/** A client's id of a tool call as the backend takes it: the same for the call and for its result. */
export function callIdFor(id: string, { shortCallIds }: ChatDialect): string {
  if (!shortCallIds) return idForBackend(id, chatIds)
  return nine.test(id) ? id : createHash('sha256').update(id).digest('hex').slice(0, 9)
}
