import { type AskedRequest, canonicalOf } from './asked-request.ts'
import { type Conversation, conversationOf, withoutToolResults } from './conversation.ts'

/** A way in which a request is like a recorded one. */
export interface Rank {
  name: string
  /** What differs, or what is the same, in words. */
  words: string
  /** The same for two requests that are alike in this way; null: it cannot be said of this one. */
  text(request: AskedRequest): string | null
}

/**
 * The best first (`reference/capture-and-replay.md` §5, "Matching"). All but the first ask for requests of one group only,
 * which the first one's text says too.
 */
export const ranks: readonly Rank[] = [
  {
    name: 'exact',
    words: 'the same',
    text: (request) => (request.json === undefined ? request.neutral : canonicalOf(request.json)),
  },
  {
    name: 'volatile',
    words: 'but for ids, metadata or cache marks',
    text: ({ steady }) => steady && canonicalOf(steady),
  },
  {
    name: 'texts',
    words: 'but for dates, ids or folders in its texts, or the order of tool results',
    text: ({ same }) => same && canonicalOf(same),
  },
  {
    name: 'messages',
    words: 'the same messages, other instructions, tools or settings',
    text: said(({ messages }) => (messages.length === 0 ? null : canonicalOf([...messages]))),
  },
  {
    name: 'tool_results',
    words: 'but for what its tools gave',
    text: said(({ messages }) => {
      const emptied = withoutToolResults(messages)
      return emptied && canonicalOf(emptied)
    }),
  },
  {
    name: 'answers',
    words: 'the same answers so far, and the same behind them but for what tools gave',
    text: said(({ answers, behind }) =>
      answers.length === 0 ? null : canonicalOf([[...answers], withoutToolResults(behind) ?? [...behind]]),
    ),
  },
  {
    name: 'last_message_and_turns',
    words: 'the same last message in the same turn',
    text: said(({ last, turns, tools }) => (last === null ? null : canonicalOf([turns, [...tools], last]))),
  },
  {
    name: 'last_message',
    words: 'only the last message is the same',
    text: said(({ lastPart }) => (lastPart === null ? null : canonicalOf(lastPart))),
  },
]

function said(text: (conversation: Conversation) => string | null): Rank['text'] {
  return ({ same, facts }) => (same && facts ? text(conversationOf(same, facts)) : null)
}

/** A rank's text of a request, computed once. */
export function rankText(request: AskedRequest, rank: Rank): string | null {
  const text = request.text(rank.name, () => {
    const found = rank.text(request)
    return found === null ? '' : `=${found}`
  })
  return text === '' ? null : text.slice(1)
}
