import { LRUCache } from 'lru-cache'

/** What of a session's history another provider than the one that is asked now has written. */
export interface ForeignHistory {
  /** Turns that were translated: their reasoning state is missing, or sealed by us. */
  turns: boolean
  /** Turns of another provider in the same protocol: their reasoning state looks like the provider's own. */
  states: boolean
}

export interface SessionAnswer {
  backendType: string
  /** It came in another protocol than the client's. */
  isTranslated: boolean
  /** Replacement or failover went there, not the client: what clients mix themselves passes as they send it. */
  isOurChoice: boolean
}

/** Which providers answered a session. Most sessions have one. */
export interface SessionAnswers {
  note(session: string | null, answer: SessionAnswer): void
  /** For a request that goes to a backend of this type, in the client's protocol. */
  foreignTo(session: string | null, to: Omit<SessionAnswer, 'isTranslated'>): ForeignHistory
}

/** A type of backend that answered in the client's protocol, and whether that was our choice. */
interface Answerer {
  type: string
  isOurChoice: boolean
}

interface Answerers {
  isTranslated: boolean
  /** A list, not a map: thousands of sessions are remembered, and nearly all have one. */
  types: Answerer[]
}

const none: ForeignHistory = { turns: false, states: false }
const mostTypes = 16

export function createSessionAnswers(max = 10_000): SessionAnswers {
  const sessions = new LRUCache<string, Answerers>({ max })

  function answerersOf(session: string): Answerers {
    let known = sessions.get(session)
    if (known === undefined) {
      known = { isTranslated: false, types: [] }
      sessions.set(session, known)
    }
    return known
  }

  return {
    note(session, { backendType, isTranslated, isOurChoice }) {
      if (session === null) return
      const known = answerersOf(session)
      if (isTranslated) known.isTranslated = true
      else {
        const before = known.types.find(({ type }) => type === backendType)
        if (before) before.isOurChoice = isOurChoice
        else if (known.types.length < mostTypes) known.types.push({ type: backendType, isOurChoice })
      }
    },
    foreignTo(session, { backendType, isOurChoice }) {
      const known = session === null ? undefined : sessions.get(session)
      // A conversation from before our time may be anybody's.
      if (known === undefined) return isOurChoice ? { turns: true, states: true } : none
      const states = known.types.some(
        ({ type, isOurChoice: wasOurs }) => type !== backendType && (wasOurs || isOurChoice),
      )
      const turns = states || known.isTranslated
      return turns ? { turns, states } : none
    },
  }
}
