import { prose, randomFrom } from './prose.ts'

export interface SessionShape {
  turns: number
  systemCharacters: number
  turnCharacters: number
}

/** Reference §3.6: what dedup is measured with. */
export const longSession: SessionShape = { turns: 60, systemCharacters: 30_000, turnCharacters: 2_000 }

export interface SentRequest {
  turn: number
  ctp: Buffer
  /** The same request but for its model, which stands first. */
  ptb: Buffer
}

/** An agent's requests of the openai-chat protocol, each with all that was said before it. */
export function* agentSession(shape: SessionShape, seed = 20_261_127): Generator<SentRequest> {
  const random = randomFrom(seed)
  const system = { role: 'system', content: prose(shape.systemCharacters, random) }
  const messages: object[] = [system]
  const body = (model: string) => Buffer.from(JSON.stringify({ model, messages, stream: true, tools }))
  const half = Math.floor(shape.turnCharacters / 2)
  for (let turn = 1; turn <= shape.turns; turn++) {
    messages.push({ role: 'user', content: prose(half, random) })
    yield { turn, ctp: body('openai:gpt-5-agent'), ptb: body('gpt-5-agent-2026-10-01') }
    messages.push({ role: 'assistant', content: prose(shape.turnCharacters - half, random) })
  }
}

const tools = ['read_file', 'write_file', 'run_command'].map((name) => ({
  type: 'function',
  function: {
    name,
    description: `Use ${name} for what its name says, and never for anything that the user did not ask for.`,
    parameters: {
      type: 'object',
      properties: { path: { type: 'string' }, content: { type: 'string' } },
      required: ['path'],
    },
  },
}))
