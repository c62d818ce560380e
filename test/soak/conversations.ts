import type { Random } from '../corpus/random.ts'
import type { ExchangePlan } from '../usage/books/plan.ts'
import { prose } from '../usage/books/prose.ts'
import type { ClientRequest } from '../usage/books/requests.ts'
import { type User, users } from './soak-config.ts'

export interface Message {
  role: 'user' | 'assistant'
  text: string
}

/** One that goes on: each turn sends all that was said before. */
export interface Conversation {
  session: string
  user: User
  history: Message[]
  /** Of the last that was asked. */
  turn: number
  isAsking: boolean
}

const atOnce = 60
const mostTurns = 8

/** Some conversations at a time; one that has had its turns makes room for a new one. */
export class Conversations {
  readonly #open: Conversation[] = []
  #begun = 0

  /** Its next turn; undefined: it waits for the answer of its last. */
  next(random: Random): Conversation | undefined {
    const at = random.int(0, atOnce - 1)
    const known = this.#open[at]
    if (known?.isAsking) return undefined
    const conversation = known && known.turn < mostTurns ? known : this.#begin(at, random)
    const { history } = conversation
    if (conversation.turn > 0) {
      history.push({ role: 'user', text: prose(random, random.int(20, 120)) })
      history.push({ role: 'assistant', text: prose(random, random.int(20, 200)) })
    }
    conversation.turn++
    conversation.isAsking = true
    return conversation
  }

  #begin(at: number, random: Random): Conversation {
    const session = `talk-${++this.#begun}`
    const begun = { session, user: random.pick(users), history: [], turn: 0, isAsking: false }
    this.#open[at] = begun
    return begun
  }
}

/** The request with what was said before. */
export function withHistory(
  { path, body }: ClientRequest,
  { client, prompt }: ExchangePlan,
  history: readonly Message[],
): ClientRequest {
  const request = JSON.parse(body)
  const said = history.map(({ role, text }) => ({ role, content: text }))
  if (client === 'gemini') {
    const contents = history.map(({ role, text }) => ({
      role: role === 'user' ? 'user' : 'model',
      parts: [{ text }],
    }))
    request.contents = [...contents, ...request.contents]
  } else if (client === 'openai-responses') request.input = [...said, { role: 'user', content: prompt }]
  else request.messages = [...said, ...request.messages]
  return { path, body: JSON.stringify(request) }
}
