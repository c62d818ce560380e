// What happens in the minute that `top --demo` plays, and in the five before it, whose figures its windows need. Times are
// seconds since the recording begins.
import { setTimeout as pause } from 'node:timers/promises'
import { clients } from '../../test/e2e/top-scene/clients.ts'

/** Agents that ask, run a tool, and ask again with all that was said before; each has its own way of working. */
const agents = [
  {
    ...{ client: clients.claudeCode, model: 'claude-sonnet-4-5', session: 'c41f09d2', tokens: [120, 900] },
    ...{ tools: ['Bash', 'Edit', 'Read', 'Grep'], promptTokens: 14_000, untilS: 2 },
  },
  {
    ...{ client: clients.claudeCode, model: 'claude-haiku-4-5', session: '7be2a410', tokens: [90, 500] },
    ...{ tools: ['Read', 'Task'], promptTokens: 11_000, untilS: 100 },
  },
  {
    ...{ client: clients.codex, model: 'gpt-5', session: '019aa3f7', tokens: [100, 800] },
    ...{ tools: ['shell', 'apply_patch'], promptTokens: 12_000, untilS: 100 },
  },
  {
    ...{ client: clients.geminiCli, model: 'gemini-2.5-pro', session: 'e0d15c88', tokens: [80, 600] },
    ...{ tools: ['run_shell_command', 'read_file'], promptTokens: 9_000, untilS: 5 },
  },
  {
    ...{ client: clients.aider, model: 'gpt-5', session: '52c6b7aa', tokens: [90, 400] },
    ...{ tools: ['edit'], promptTokens: 8_000, untilS: -25 },
  },
]

/** What happens once, beside all that goes on. */
const events = [
  // Its last answer called a tool, which its client runs for the whole minute.
  {
    ...{ atS: -12, client: clients.aider, model: 'gpt-5', session: '52c6b7aa' },
    play: { tokens: 260, promptTokens: 22_800, cachedTokens: 20_100, tool: 'Bash' },
  },
  // Hangs for half a minute in the midst of its answer, then goes on.
  {
    ...{ atS: 6, client: clients.claudeCode, model: 'claude-sonnet-4-5', session: 'c41f09d2' },
    play: {
      firstMs: 900,
      tokens: 1_100,
      silentMs: 34_000,
      promptTokens: 61_400,
      cachedTokens: 57_100,
      tool: 'Edit',
    },
  },
  // Its first backend asks to wait; the next one in the plan serves it.
  {
    ...{
      atS: 38.2,
      client: clients.geminiCli,
      model: 'gemini:gemini-2.5-pro|openai:gpt-5',
      session: 'e0d15c88',
    },
    play: {
      ...{ status: 503, failsAt: 'gemini', retryAfter: '40', headMs: 1_500, firstMs: 5_000 },
      ...{ tokens: 700, promptTokens: 38_200, tool: 'read_file' },
    },
  },
  // A client that takes nothing of a long answer for a while.
  {
    ...{ atS: 24, client: clients.python, model: 'openai:gpt-5', session: '3fa1d2c4', readsAfterMs: 24_000 },
    play: { firstMs: 600, tokens: 3_900, tokensPerSecond: 600, paddingBytes: 20_000, promptTokens: 310 },
  },
  // A model that thinks long before it says anything, and has no price.
  {
    ...{ atS: 22, client: clients.opencode, model: 'openai:o5-preview', session: 'f6625e0b' },
    play: { headMs: 400, firstMs: 24_000, tokens: 420, promptTokens: 9_400, tool: 'glob' },
  },
  // One that a person stops.
  {
    ...{
      atS: 32,
      client: clients.claudeCode,
      model: 'claude-haiku-4-5',
      session: '9d70be13',
      leavesAfterMs: 5_400,
    },
    play: { firstMs: 1_800, tokens: 2_000, tokensPerSecond: 60, promptTokens: 51_300, cachedTokens: 45_100 },
  },
  // One too many for its provider.
  {
    ...{ atS: 36.8, client: clients.python, model: 'openai.batch:gpt-5-mini', session: 'b5e0c7d1' },
    play: { status: 429, retryAfter: '3', promptTokens: 1_240 },
  },
]

/** Plays all of it; `ask` asks the proxy, `signal` ends it. */
export async function playStory(beforeS, ask, signal) {
  const beganMs = performance.now() + beforeS * 1_000
  const untilS = (atS) => pause(Math.max(0, beganMs + atS * 1_000 - performance.now()), undefined, { signal })
  const nowS = () => (performance.now() - beganMs) / 1_000
  const scene = { ask, untilS, nowS, signal }
  await Promise.all([
    ...agents.map((agent, at) => work(agent, new Chance(1_000 + at), scene)),
    label(new Chance(7), scene),
    hope(new Chance(8), scene),
    ...events.map(async ({ atS, ...asked }) => {
      await untilS(atS)
      await ask(asked)
    }),
  ]).catch((error) => {
    if (!signal.aborted) throw error
  })
}

async function work({ tools, tokens, promptTokens, untilS, ...who }, chance, scene) {
  let prompt = promptTokens
  await pause(chance.between(0, 4_000), undefined, { signal: scene.signal })
  for (let turn = 1; scene.nowS() < untilS; turn++) {
    const out = chance.whole(...tokens)
    const play = {
      ...{ headMs: chance.whole(60, 300), firstMs: chance.whole(200, 1_900) },
      ...{ tokens: out, tokensPerSecond: chance.whole(55, 110), tool: chance.of(tools) },
      ...{
        promptTokens: prompt,
        cachedTokens: turn === 1 ? 0 : Math.floor(prompt * chance.between(0.86, 0.97)),
      },
    }
    await scene.ask({ ...who, play })
    prompt += out + chance.whole(200, 1_600)
    await pause(chance.between(800, 8_000), undefined, { signal: scene.signal })
  }
}

/** A script that labels things, with waves in what it asks for. */
async function label(chance, { ask, nowS, signal }) {
  while (!signal.aborted) {
    const play = {
      ...{ headMs: chance.whole(60, 200), firstMs: chance.whole(80, 400), tokens: chance.whole(12, 60) },
      promptTokens: chance.whole(420, 1_900),
    }
    void ask({ client: clients.python, model: 'openai.batch:gpt-5-mini', session: 'b5e0c7d1', play })
    const gapMs = chance.between(900, 4_500) / (1.3 + Math.sin(nowS() / 28))
    await pause(gapMs, undefined, { signal })
  }
}

/** Prefers a backend that always fails, after a while; its circuit lets one call through from time to time. */
async function hope(chance, { ask, signal }) {
  while (!signal.aborted) {
    const play = {
      ...{ status: 502, failsAt: 'openrouter', headMs: 5_000, firstMs: 300 },
      ...{ tokens: chance.whole(60, 200), promptTokens: chance.whole(2_000, 4_000) },
    }
    await ask({
      ...{ client: clients.opencode, session: 'd03e8a57', play },
      model: 'openrouter:openai/gpt-5-mini|openai:gpt-5-mini',
    })
    await pause(chance.between(1_500, 6_000), undefined, { signal })
  }
}

/** The same numbers each time (Lehmer's generator, 2³¹ − 1), so that recordings of a changed proxy can be compared. */
class Chance {
  #state

  constructor(seed) {
    this.#state = seed
  }

  /** Evenly from `least` to below `most`. */
  between(least, most) {
    this.#state = (this.#state * 48_271) % 2_147_483_647
    return least + (this.#state / 2_147_483_647) * (most - least)
  }

  whole(least, most) {
    return Math.floor(this.between(least, most + 1))
  }

  of(values) {
    return values[this.whole(0, values.length - 1)]
  }
}
