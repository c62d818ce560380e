import { LRUCache } from 'lru-cache'

/** What of a session's history another provider than the one that is asked now has written. */
export interface ForeignHistory {
  /** Turns that were translated: their reasoning state is missing, or sealed by us. */
  turns: boolean
  /** Turns of another provider in the same protocol: their reasoning state looks like the provider's own. */
  states: boolean
}

/** Which providers answered a session. Most sessions have one. */
export interface SessionAnswers {
  /** `isTranslated`: the answer came in another protocol than the client's. */
  note(session: string | null, backendType: string, isTranslated: boolean): void
  foreignTo(session: string | null, backendType: string): ForeignHistory
}

interface Answerers {
  translated: boolean
  /** In the client's protocol. */
  types: Set<string>
}

const none: ForeignHistory = { turns: false, states: false }
const mostTypes = 16

export function createSessionAnswers(max = 10_000): SessionAnswers {
  const sessions = new LRUCache<string, Answerers>({ max })
  return {
    note(session, backendType, isTranslated) {
      if (session === null) return
      let known = sessions.get(session)
      if (known === undefined) {
        known = { translated: false, types: new Set() }
        sessions.set(session, known)
      }
      if (isTranslated) known.translated = true
      else if (known.types.size < mostTypes) known.types.add(backendType)
    },
    foreignTo(session, backendType) {
      const known = session === null ? undefined : sessions.get(session)
      if (known === undefined) return none
      const states = known.types.size > 1 || (known.types.size === 1 && !known.types.has(backendType))
      return known.translated || states ? { turns: known.translated || states, states } : none
    },
  }
}

/** A session together with the credential that it came with: an id alone is not one. */
export function sessionKey(
  session: { id: string } | null,
  credential: { hash: string } | null,
): string | null {
  return session && `${session.id} ${credential?.hash ?? ''}`
}
