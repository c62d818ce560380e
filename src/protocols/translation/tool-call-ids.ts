import { createHash } from 'node:crypto'

/** Which ids of tool calls a protocol takes. */
export interface IdRule {
  pattern: RegExp
  maxLength: number
}

export const chatIds: IdRule = { pattern: /^[\x21-\x7e]+$/, maxLength: 40 }
export const responsesIds: IdRule = { pattern: /^[\x21-\x7e]+$/, maxLength: 64 }
export const messagesIds: IdRule = { pattern: /^[a-zA-Z0-9_-]+$/, maxLength: 256 }
export const geminiIds: IdRule = { pattern: /^[\x21-\x7e]+$/, maxLength: 256 }

/** What stands before an id that had to be written otherwise. */
const mark = 'llmp_'

/**
 * A provider's id for a client: itself where the client's protocol takes it, else written so that
 * `idFromClient` finds it again without any memory of ours.
 */
export function idForClient(id: string, rule: IdRule): string {
  const fits = rule.pattern.test(id) && !id.startsWith(mark)
  return fits ? id : mark + Buffer.from(id).toString('base64url')
}

/** The provider's own id of what a client sent back. */
export function idFromClient(id: string): string {
  return id.startsWith(mark) ? Buffer.from(id.slice(mark.length), 'base64url').toString('utf8') : id
}

/** A client's id for a provider: itself where it fits, else the same short one each time. */
export function idForBackend(id: string, rule: IdRule): string {
  if (rule.pattern.test(id) && id.length <= rule.maxLength) return id
  return `call_${createHash('sha256').update(id).digest('hex').slice(0, 32)}`
}

/** The id for a call that its provider gave none: the same for the same place of the same exchange. */
export function inventedId(exchangeId: string, index: number): string {
  return `call_${exchangeId.replace(/^x_/, '')}_${index}`
}
