import { setTimeout as pause } from 'node:timers/promises'
import { type Play, playWords } from './play.ts'

/** A client program as it looks to a proxy. */
export interface SceneClient {
  userAgent: string
  protocol: 'openai-chat' | 'openai-responses' | 'anthropic-messages' | 'gemini'
}

export const clients = {
  claudeCode: { userAgent: 'claude-cli/2.1.197 (external, cli)', protocol: 'anthropic-messages' },
  codex: { userAgent: 'codex_cli_rs/0.61.0', protocol: 'openai-responses' },
  geminiCli: { userAgent: 'GeminiCLI/0.61.0', protocol: 'gemini' },
  aider: { userAgent: 'aider/0.86.1', protocol: 'openai-chat' },
  opencode: { userAgent: 'opencode/1.0.80', protocol: 'openai-chat' },
  python: { userAgent: 'OpenAI/Python 2.8.1', protocol: 'openai-chat' },
} as const satisfies Record<string, SceneClient>

export interface Asked {
  client: SceneClient
  model: string
  session?: string
  play: Play
  signal?: AbortSignal
  /** The client goes after so long. */
  leavesAfterMs?: number
  /** It takes nothing of the answer's body for so long. */
  readsAfterMs?: number
}

/** Asks, and reads the answer to its end. What becomes of it is the proxy's to tell. */
export async function ask(url: string, asked: Asked): Promise<void> {
  const { client, model, session, play, signal, leavesAfterMs, readsAfterMs = 0 } = asked
  const leave = leavesAfterMs === undefined ? [] : [AbortSignal.timeout(leavesAfterMs)]
  const { path, body } = bodies[client.protocol](model, wordsFor(play))
  try {
    const answer = await fetch(url + path, {
      method: 'POST',
      headers: {
        ...{ 'content-type': 'application/json', 'user-agent': client.userAgent },
        ...(session !== undefined && { 'x-session-id': session }),
      },
      body: JSON.stringify(body),
      signal: AbortSignal.any([...(signal ? [signal] : []), ...leave]),
    })
    await pause(readsAfterMs, undefined, { ...(signal && { signal }) })
    await answer.text()
  } catch {
    // Who leaves, and who is refused, gets no answer.
  }
}

/** As long as a prompt of so many tokens, with the play at its end. */
function wordsFor(play: Play): string {
  const filler = 'all that was said before '.repeat(Math.ceil(((play.promptTokens ?? 0) * 4) / 25))
  return filler + playWords(play)
}

type Bodies = (model: string, words: string) => { path: string; body: object }

const bodies: Readonly<Record<SceneClient['protocol'], Bodies>> = {
  'openai-chat': (model, content) => ({
    path: '/v1/chat/completions',
    body: { model, stream: true, messages: [{ role: 'user', content }] },
  }),
  'openai-responses': (model, content) => ({
    path: '/v1/responses',
    body: { model, stream: true, input: [{ role: 'user', content }] },
  }),
  'anthropic-messages': (model, content) => ({
    path: '/v1/messages',
    body: { model, stream: true, max_tokens: 8_192, messages: [{ role: 'user', content }] },
  }),
  gemini: (model, text) => ({
    path: `/v1beta/models/${encodeURIComponent(model)}:streamGenerateContent?alt=sse`,
    body: { contents: [{ role: 'user', parts: [{ text }] }] },
  }),
}
