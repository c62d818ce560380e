import { Chance } from './chance.ts'
import type { DemoExchange } from './demo-exchange.ts'
import { plainEnd } from './plain-end.ts'
import { type Scripted, story } from './story.ts'

/** The recording is a minute; what the windows of its first second need went before. */
export const recordedS = 60
const beforeS = 320

interface Agent {
  app: string
  frontend: DemoExchange['frontend']
  session: string
  requested: string
  model: string
  backend: string
  tools: readonly [string, ...string[]]
  /** When it works on its own, on the recording's clock; the story has the rest. */
  fromS: number
  untilS: number
}

const agents: readonly Agent[] = [
  {
    ...{ app: 'claude-code', frontend: 'anthropic-messages', session: 'c41f09d2', backend: 'anthropic' },
    ...{ requested: 'claude-sonnet-4-5', model: 'claude-sonnet-4-5-20250929' },
    ...{ tools: ['Bash', 'Edit', 'Read', 'Grep'], fromS: -beforeS, untilS: 2 },
  },
  {
    ...{ app: 'claude-code', frontend: 'anthropic-messages', session: '7be2a410', backend: 'anthropic' },
    ...{ requested: 'claude-haiku-4-5', model: 'claude-haiku-4-5-20251001' },
    ...{ tools: ['Read', 'Task'], fromS: -260, untilS: recordedS },
  },
  {
    ...{ app: 'codex', frontend: 'openai-responses', session: '019aa3f7', backend: 'openai' },
    ...{
      requested: 'gpt-5',
      model: 'gpt-5',
      tools: ['shell', 'apply_patch'],
      fromS: -300,
      untilS: recordedS,
    },
  },
  {
    ...{ app: 'gemini-cli', frontend: 'gemini', session: 'e0d15c88', backend: 'gemini' },
    ...{ requested: 'gemini-2.5-pro', model: 'gemini-2.5-pro' },
    ...{ tools: ['run_shell_command', 'read_file'], fromS: -200, untilS: 8 },
  },
  {
    ...{ app: 'aider', frontend: 'openai-chat', session: '52c6b7aa', backend: 'openai' },
    ...{ requested: 'gpt-5', model: 'gpt-5', tools: ['edit'], fromS: -310, untilS: -58 },
  },
]

/** Everything that happens, in the order in which it was opened. */
export function recording(): readonly DemoExchange[] {
  const chance = new Chance(20_261)
  const all: Scripted[] = [...agents.flatMap((agent) => worked(agent, chance)), ...batch(chance), ...story]
  return all
    .toSorted((a, b) => a.openedS - b.openedS)
    .map((exchange, index) => ({ ...exchange, id: idOf(exchange.openedS, index) }))
}

/** An agent asks, runs a tool, and asks again with all that was said before. */
function worked(agent: Agent, chance: Chance): Scripted[] {
  const { fromS, untilS, tools, ...who } = agent
  const exchanges: Scripted[] = []
  let promptTokens = chance.whole(11_000, 24_000)
  for (let atS = fromS + chance.between(0, 4), turn = 1; atS < untilS; turn++) {
    const outputTokens = chance.whole(90, 1_400)
    const firstTokenS = chance.between(0.35, 2.4)
    const endedS = firstTokenS + outputTokens / chance.between(55, 110)
    const cachedTokens = turn === 1 ? 0 : Math.floor(promptTokens * chance.between(0.86, 0.97))
    exchanges.push({
      ...{ ...who, ...plainEnd, openedS: atS, turn, firstTokenS, endedS },
      ...{ promptTokens, cachedTokens, outputTokens, tools: [chance.of(tools)] },
    })
    promptTokens += outputTokens + chance.whole(200, 2_600)
    atS += endedS + chance.between(0.8, 9)
  }
  return exchanges
}

/** A script that labels things, with waves in what it asks for. */
function batch(chance: Chance): Scripted[] {
  const exchanges: Scripted[] = []
  for (let atS = -beforeS; atS < recordedS; atS += chance.between(1.2, 6) / (1.3 + Math.sin(atS / 28))) {
    const firstTokenS = chance.between(0.2, 0.7)
    const outputTokens = chance.whole(12, 60)
    const isLimited = chance.whole(1, 40) === 1
    exchanges.push({
      ...{ app: 'openai-python', frontend: 'openai-chat', session: null, turn: null },
      ...{ requested: 'gpt-5-mini', model: 'gpt-5-mini', backend: 'openai', openedS: atS, tools: [] },
      ...{ ...plainEnd, promptTokens: chance.whole(420, 1_900), cachedTokens: 0 },
      ...(isLimited
        ? {
            status: 429,
            outcome: 'error',
            error: 'rate_limited',
            firstTokenS: null,
            endedS: 0.2,
            outputTokens: 0,
          }
        : { firstTokenS, endedS: firstTokenS + outputTokens / 70, outputTokens }),
    })
  }
  return exchanges
}

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz'
/** 2026-11-23, 13:04 in UTC. */
export const recordedAtMs = Date.UTC(2026, 10, 23, 13, 4)

/** As the proxy makes them: the time, then what makes it unique. */
function idOf(openedS: number, index: number): string {
  let time = ''
  for (let rest = Math.floor(recordedAtMs + openedS * 1_000); time.length < 9; rest = Math.floor(rest / 32)) {
    time = alphabet.charAt(rest % 32) + time
  }
  const chance = new Chance(7_919 * (index + 1))
  return `x_${time}${Array.from({ length: 11 }, () => alphabet.charAt(chance.whole(0, 31))).join('')}`
}
