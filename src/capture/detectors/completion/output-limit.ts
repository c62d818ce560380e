import type { Fault, Subject } from '../detector.ts'
import { finalAttempt } from '../seen-answers.ts'

/** The most tokens that an answer may have, and who said so; null tokens: the backend's own limit. */
export function outputLimit(subject: Subject): { tokens: number | null; fault: Fault } {
  const asked = subject.ctp()?.call?.maxOutputTokens ?? null
  if (asked !== null) return { tokens: asked, fault: 'client' }
  const attempt = finalAttempt(subject)
  const sent = attempt && (subject.ptb(attempt)?.call?.maxOutputTokens ?? null)
  // Of a client's request that cannot be read nobody knows whether the limit is its own.
  if (sent === null || !subject.ctp()?.call) return { tokens: sent, fault: 'backend' }
  return { tokens: sent, fault: 'proxy' }
}

export const limitHints: Record<'client' | 'proxy' | 'backend' | 'network', string> = {
  client: 'Ask for more output tokens, or for less reasoning or a shorter answer.',
  proxy: 'The client set no limit: let it say one, for the backend wants a limit and gets its default.',
  backend: 'Ask for more output tokens than the backend gives by default, or for a shorter answer.',
  network: '',
}
