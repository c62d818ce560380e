import { Replacement, type ReplacementEvent } from '../../src/replacement/replacement.ts'
import type { Roll } from '../../src/replacement/rolls.ts'
import { readRule } from '../../src/replacement/rule.ts'

interface Choices {
  enabled?: boolean
  probability?: number
  turnCount?: number
  /** `FROM=BACKEND:MODEL` */
  rules?: readonly string[]
  allowFirstTurn?: boolean
  seed?: number | null
  maxSessions?: number
  roll?: Roll
  nowMs?: () => number
}

const backends = new Set(['openai', 'openai.eu', 'anthropic', 'cheap'])

export function settingsOf({
  enabled = true,
  probability = 1,
  turnCount = 1,
  rules = ['*=cheap:small'],
  allowFirstTurn = false,
  seed = null,
}: Choices = {}) {
  return {
    ...{ enabled, probability, turnCount, allowFirstTurn, seed },
    rules: rules.map((text) => {
      const [, from_pattern = '', to_backend = '', to_model = ''] = /^([^=]*)=([^:]*):(.*)$/.exec(text) ?? []
      return readRule({ from_pattern, to_backend, to_model }, (name) => backends.has(name))
    }),
  }
}

/** Replacement with one kind of request to ask it about. */
export function aReplacement(choices: Choices = {}) {
  const events: ReplacementEvent[] = []
  const replacement = new Replacement({
    settings: settingsOf(choices),
    clock: { nowMs: choices.nowMs ?? (() => 0) },
    onEvent: (event) => events.push(event),
    ...(choices.maxSessions === undefined ? {} : { maxSessions: choices.maxSessions }),
    ...(choices.roll === undefined ? {} : { roll: choices.roll }),
  })
  const turns = new Map<string, number>()
  const ask = ({
    session = 's1',
    model = 'opus',
    backend = 'anthropic' as string,
    backendType = backend as string,
    isOptedOut = false,
    user = null as string | null,
    usable = true,
    turn = undefined as number | undefined,
  } = {}) => {
    turns.set(session, turn ?? (turns.get(session) ?? 0) + 1)
    return replacement.decide(
      {
        ...{ user, isOptedOut },
        session: { id: session, key: session, turn: turns.get(session) ?? 1 },
        asked: { backend, backendType, model },
      },
      () => usable,
    )
  }
  /** Asks, and closes at once: what was decided. */
  const turn = (about: Parameters<typeof ask>[0] = {}) => {
    const verdict = ask(about)
    verdict?.replaced?.place.closed()
    return verdict?.decision ?? null
  }
  return { replacement, ask, turn, events }
}
