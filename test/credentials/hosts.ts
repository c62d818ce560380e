import { anthropicAnswer, chatAnswer, geminiAnswer, responsesAnswer } from '../support/fake-provider.ts'
import { whole } from '../support/provider/encoded.ts'
import type { RecordedRequest } from '../support/provider/recorded-request.ts'
import type { Script } from '../support/provider/steps.ts'
import type { Spoken } from './clients.ts'

/** A provider as its own documentation has it, said here again: nothing of it comes from what is tested. */
export interface Host {
  type: string
  /** Where the world thinks it is; a fake stands in its place. */
  origin: string
  /** What the file has to say, where the type has no URL of its own. */
  apiUrl?: string
  variable?: string
  keyHeader: string
  speaks: readonly Spoken[]
  keyless?: true
  /** Our key for it: unique, and in its provider's form, so that a form check alone cannot hide a leak. */
  key: string
}

const chat = ['chat'] as const
const openai = ['chat', 'responses'] as const
const most = ['chat', 'responses', 'messages'] as const
const all = ['chat', 'responses', 'messages', 'gemini'] as const
const bearer = 'authorization'

export const hosts: readonly Host[] = [
  {
    ...at('openai', 'https://api.openai.com', 'OPENAI_API_KEY'),
    keyHeader: bearer,
    speaks: openai,
    key: 'sk-proj-OursOpenai4f8Q0123456789abcdef',
  },
  {
    ...at('anthropic', 'https://api.anthropic.com', 'ANTHROPIC_API_KEY'),
    keyHeader: 'x-api-key',
    speaks: ['messages'],
    key: 'sk-ant-api03-OursAnthropic9dK0123456789',
  },
  {
    ...at('gemini', 'https://generativelanguage.googleapis.com', 'GEMINI_API_KEY'),
    keyHeader: 'x-goog-api-key',
    speaks: ['gemini'],
    key: 'AIzaOursGemini7Lm0123456789abcdefghijklmn',
  },
  {
    ...at('openrouter', 'https://openrouter.ai', 'OPENROUTER_API_KEY'),
    keyHeader: bearer,
    speaks: most,
    key: 'sk-or-v1-OursOpenrouter2Xc0123456789abcdef',
  },
  {
    ...at('azure', 'https://team.openai.azure.com', 'AZURE_OPENAI_API_KEY'),
    apiUrl: 'https://team.openai.azure.com/openai/v1',
    keyHeader: 'api-key',
    speaks: openai,
    key: '0a1b2c3d4e5f60718293a4b5c6d7e8f9',
  },
  {
    ...at('chatgpt', 'https://chatgpt.com'),
    keyHeader: bearer,
    speaks: ['responses'],
    key: 'eyJhbGciOiJub25lIn0.eyJvdXJzIjoiY2hhdGdwdCJ9.T3Vycw',
  },
  {
    ...at('groq', 'https://api.groq.com', 'GROQ_API_KEY'),
    keyHeader: bearer,
    speaks: openai,
    key: 'gsk_OursGroq5Rt0123456789abcdefghij',
  },
  {
    ...at('mistral', 'https://api.mistral.ai', 'MISTRAL_API_KEY'),
    keyHeader: bearer,
    speaks: chat,
    key: 'OursMistral8Vb0123456789abcdefgh',
  },
  {
    ...at('deepseek', 'https://api.deepseek.com', 'DEEPSEEK_API_KEY'),
    keyHeader: bearer,
    speaks: chat,
    key: 'sk-OursDeepseek1Zx0123456789abcdef',
  },
  {
    ...at('xai', 'https://api.x.ai', 'XAI_API_KEY'),
    keyHeader: bearer,
    speaks: openai,
    key: 'xai-OursXai6Nh0123456789abcdefghij',
  },
  {
    ...at('together', 'https://api.together.xyz', 'TOGETHER_API_KEY'),
    keyHeader: bearer,
    speaks: chat,
    key: 'tgp_v1_OursTogether3Wq0123456789abcdef',
  },
  {
    ...at('fireworks', 'https://api.fireworks.ai', 'FIREWORKS_API_KEY'),
    keyHeader: bearer,
    speaks: most,
    key: 'fw_OursFireworks0Gj0123456789abcdef',
  },
  {
    ...at('nvidia', 'https://integrate.api.nvidia.com', 'NVIDIA_API_KEY'),
    keyHeader: bearer,
    speaks: chat,
    key: 'nvapi-OursNvidia4Ys0123456789abcdef',
  },
  { ...local('ollama', 'http://127.0.0.1:11434'), speaks: most },
  { ...local('lmstudio', 'http://127.0.0.1:1234'), speaks: most },
  { ...local('llamacpp', 'http://127.0.0.1:8080'), speaks: most },
  { ...local('vllm', 'http://vllm.test:8000'), apiUrl: 'http://vllm.test:8000/v1', speaks: most },
  { ...local('demo', 'http://demo.test:8000'), apiUrl: 'http://demo.test:8000/v1', speaks: all },
]

function at(type: string, origin: string, variable?: string) {
  return { type, origin, ...(variable === undefined ? {} : { variable }) }
}

function local(type: string, origin: string) {
  return { type, origin, keyless: true, keyHeader: bearer, key: `Ours-${type}-0123456789abcdef` } as const
}

/** Every key variable with our key in it. */
export function keyVariables(): Record<string, string> {
  return Object.fromEntries(hosts.flatMap(({ variable, key }) => (variable ? [[variable, key]] : [])))
}

/** What any provider answers: fails where the request's text says `fail-at-TYPE.`, else in the path's protocol. */
export function answerAs(host: Host): (request: RecordedRequest) => Script {
  return ({ method, url, body }) => {
    if (method === 'GET') return whole(200, { object: 'list', data: [], models: [] })
    if (body.includes(`fail-at-${host.type}.`)) return whole(500, { error: { message: 'It is down.' } })
    if (url.includes('/messages/count_tokens')) return whole(200, { input_tokens: 3 })
    if (url.includes('/messages')) return anthropicAnswer()
    if (url.includes('/responses')) return responsesAnswer()
    if (url.includes(':generateContent')) return geminiAnswer()
    if (url.includes('/chat/completions')) return chatAnswer()
    return whole(200, { object: 'list', data: [] })
  }
}
