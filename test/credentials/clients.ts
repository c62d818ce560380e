import { Pool } from 'undici'

/** A protocol, by the last word of its path. */
export type Spoken = 'chat' | 'responses' | 'messages' | 'gemini'

/** How a client asks: its protocol and where it puts its own login. */
export interface ClientShape {
  name: string
  spoken: Spoken
  /** The type of the provider that it means when it names none. */
  provider: 'openai' | 'anthropic' | 'gemini'
  /** Its own provider key or token, unique. */
  login: string
  /** Where the login stands: a header's name, or `query`. */
  place: 'authorization' | 'x-api-key' | 'x-goog-api-key' | 'query'
}

export const claude: ClientShape = {
  name: 'Claude Code with a key',
  spoken: 'messages',
  provider: 'anthropic',
  login: 'sk-ant-api03-ClientClaude0123456789abcdef',
  place: 'x-api-key',
}
export const claudePlan: ClientShape = {
  name: 'Claude Code with a plan',
  spoken: 'messages',
  provider: 'anthropic',
  login: 'sk-ant-oat01-ClientClaudePlan0123456789',
  place: 'authorization',
}
export const codex: ClientShape = {
  name: 'Codex with a key',
  spoken: 'responses',
  provider: 'openai',
  login: 'sk-proj-ClientCodex0123456789abcdef',
  place: 'authorization',
}
export const openaiSdk: ClientShape = {
  name: 'an OpenAI SDK',
  spoken: 'chat',
  provider: 'openai',
  login: 'sk-ClientSdkOfTheOldForm0123456789abcdefghijklmnopqrst',
  place: 'authorization',
}
export const geminiCli: ClientShape = {
  name: 'Gemini CLI',
  spoken: 'gemini',
  provider: 'gemini',
  login: 'AIzaClientGemini0123456789abcdefghijklm',
  place: 'x-goog-api-key',
}
export const geminiInUrl: ClientShape = {
  name: 'a Gemini client with ?key=',
  spoken: 'gemini',
  provider: 'gemini',
  login: 'AIzaClientUrl0123456789abcdefghijklmnop',
  place: 'query',
}

export const clientShapes: readonly ClientShape[] = [
  claude,
  claudePlan,
  codex,
  openaiSdk,
  geminiCli,
  geminiInUrl,
]

/** A ChatGPT plan's token, as Codex sends it. */
export const chatgptToken = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJjbGllbnQtcGxhbiJ9.Q2xpZW50UGxhbg'

export interface Ask {
  model: string
  /** Put in the prompt: what the fake hosts look for. */
  text: string
  /** Before the protocol's own path: `/openai`. */
  prefix?: string
  headers?: Record<string, string>
  /** Without the `?`. */
  query?: string
}

export interface ClientAnswer {
  status: number
  headers: Record<string, string | string[] | undefined>
  text: string
}

/** A client's own login, in the place where it has it. */
export function loginOf(client: ClientShape): Pick<Ask, 'headers' | 'query'> {
  return carried(client.place, client.login)
}

/** A value in a header (as a Bearer token where that is the custom) or in `?key=`. */
export function carried(place: string, value: string): { headers?: Record<string, string>; query?: string } {
  if (place === 'query') return { query: `key=${encodeURIComponent(value)}` }
  return { headers: { [place]: place === 'authorization' ? `Bearer ${value}` : value } }
}

/** Asks a proxy over kept connections. */
export class Asker {
  readonly #pool: Pool

  constructor(proxyUrl: string) {
    this.#pool = new Pool(proxyUrl, { connections: 16, bodyTimeout: 15_000, headersTimeout: 15_000 })
  }

  ask(spoken: Spoken, { model, text, prefix = '', headers = {}, query }: Ask): Promise<ClientAnswer> {
    const path = prefix + pathOf(spoken, model) + (query === undefined ? '' : `?${query}`)
    return this.post(path, bodyOf(spoken, model, text), { ...ownHeaders(spoken), ...headers })
  }

  post(path: string, body: object, headers: Record<string, string>): Promise<ClientAnswer> {
    return this.#answer(
      'POST',
      path,
      { 'content-type': 'application/json', ...headers },
      JSON.stringify(body),
    )
  }

  get(path: string, headers: Record<string, string> = {}): Promise<ClientAnswer> {
    return this.#answer('GET', path, headers, null)
  }

  close(): Promise<void> {
    return this.#pool.destroy()
  }

  async #answer(
    method: 'GET' | 'POST',
    path: string,
    headers: Record<string, string>,
    body: string | null,
  ): Promise<ClientAnswer> {
    const answer = await this.#pool.request({ method, path, headers, body })
    return { status: answer.statusCode, headers: answer.headers, text: await answer.body.text() }
  }
}

function pathOf(spoken: Spoken, model: string): string {
  switch (spoken) {
    case 'chat':
      return '/v1/chat/completions'
    case 'responses':
      return '/v1/responses'
    case 'messages':
      return '/v1/messages'
    case 'gemini':
      return `/v1beta/models/${encodeURIComponent(model)}:generateContent`
  }
}

function bodyOf(spoken: Spoken, model: string, text: string): object {
  switch (spoken) {
    case 'chat':
      return { model, messages: [{ role: 'user', content: text }] }
    case 'responses':
      return { model, input: text }
    case 'messages':
      return { model, max_tokens: 64, messages: [{ role: 'user', content: text }] }
    case 'gemini':
      return { contents: [{ role: 'user', parts: [{ text }] }] }
  }
}

function ownHeaders(spoken: Spoken): Record<string, string> {
  return spoken === 'messages' ? { 'anthropic-version': '2023-06-01' } : {}
}
