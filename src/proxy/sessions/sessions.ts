import { LRUCache } from 'lru-cache'
import type { Clock } from '../../core/clock.ts'
import { flatText } from '../../core/flat-text.ts'
import type { RequestFacts } from '../../core/protocol.ts'
import { sessionIds } from '../../core/rising-ids.ts'
import { type ConversationMarks, namedSession } from './conversation-id.ts'
import { type ConversationDigest, digestConversation } from './digest-conversation.ts'

export interface SessionRequest extends ConversationMarks {
  /** Where there is no digest. */
  conversation?: RequestFacts['conversation']
  /** Made elsewhere, for a large body; else it is made here. */
  digest?: ConversationDigest
  /** openai-responses: the answer that the messages go on from, when the client does not repeat what came before. */
  previousResponseId?: string | null
  /** Of the credential that came with the request: a session id counts only together with it. */
  credentialHash: string | null
}

export interface KnownSession {
  id: string
  /** The latest; 0: none yet. */
  turn: number
  /** The session together with whose it is, for an id alone is not one: by it others remember what they know of it. */
  key: string
}

export interface AssignedTurn extends KnownSession {
  /** The same messages as before: the turn is an earlier one. */
  retry: boolean
}

/** Which conversation of which client an exchange belongs to (`spec/usage.md`, sessions). */
export interface Sessions {
  /** Takes a turn, unless the request is a retry. Throws `bad_session`. */
  assign(request: SessionRequest): AssignedTurn
  /**
   * For helper calls, which take no turn (`count_tokens`): the session with its latest turn, 0 before the
   * first; null when the request names none and continues none. Changes nothing. Throws `bad_session`.
   */
  find(request: SessionRequest): KnownSession | null
}

export interface SessionsSettings {
  clock: Pick<Clock, 'nowMs'>
  /** How many conversations and how many of their states are remembered. */
  max?: number
  /** Turns that a session had before this process, from the ledger. */
  turnsBefore?: (id: string, credentialHash: string | null) => number
  newId?: () => string
}

interface SeenConversation {
  id: string
  turn: number
  seenMs: number
}

/** A conversation that names no id is only taken up again within this time. */
const continuedWithinMs = 3_600_000

export function createSessions(settings: SessionsSettings): Sessions {
  const { clock, max = 50_000, turnsBefore = () => 0, newId = sessionIds(() => clock.nowMs()) } = settings
  const turns = new LRUCache<string, number>({ max })
  const seen = new LRUCache<string, SeenConversation>({ max })

  /** What was seen of this conversation: these very messages, and those before the last answer. */
  function look(request: SessionRequest) {
    const named = namedSession(request)
    const digest = request.digest ?? digestConversation(request.conversation ?? [])
    const [scope, name] = named === null ? ['app', request.clientApp] : ['id', named]
    const within = key(request.credentialHash, scope, name, request.previousResponseId ?? null)
    const keyOf = (hash: string) => flatText(within + hash)
    const remembered = (hash: string | null) => {
      const found = hash === null ? undefined : seen.get(keyOf(hash))
      if (named !== null || found === undefined) return found
      return clock.nowMs() - found.seenMs <= continuedWithinMs ? found : undefined
    }
    const same = digest.count === 0 ? undefined : remembered(digest.whole)
    const earlier = remembered(digest.prefix)
    const id = named ?? same?.id ?? earlier?.id ?? null
    return { id, same, earlier, wholeKey: digest.count === 0 ? null : keyOf(digest.whole) }
  }

  return {
    assign(request) {
      const { id: known, same, earlier, wholeKey } = look(request)
      if (same) {
        same.seenMs = clock.nowMs()
        return { id: same.id, turn: same.turn, key: key(request.credentialHash, same.id), retry: true }
      }
      const id = known ?? newId()
      // The count may be forgotten sooner than the conversation.
      const turnsKey = key(request.credentialHash, id)
      // Of an id that is made here nobody knows anything.
      const before = known === null ? 0 : (turns.get(turnsKey) ?? turnsBefore(id, request.credentialHash))
      const turn = Math.max(before, earlier?.turn ?? 0) + 1
      turns.set(turnsKey, turn)
      if (wholeKey !== null) seen.set(wholeKey, { id, turn, seenMs: clock.nowMs() })
      return { id, turn, key: turnsKey, retry: false }
    },
    find(request) {
      const { id } = look(request)
      if (id === null) return null
      const turnsKey = key(request.credentialHash, id)
      return { id, turn: turns.get(turnsKey) ?? turnsBefore(id, request.credentialHash), key: turnsKey }
    },
  }
}

/** Lengths keep the parts apart, whatever characters an id has. */
function key(...parts: (string | null)[]): string {
  let joined = ''
  for (const part of parts) joined += part === null ? '-' : `${part.length}:${part}`
  return flatText(joined)
}
