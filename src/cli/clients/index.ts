import { aider } from './aider.ts'
import { anthropic } from './anthropic.ts'
import { claude } from './claude.ts'
import type { Client } from './client.ts'
import { codex } from './codex.ts'
import { curl } from './curl.ts'
import { gemini } from './gemini.ts'
import { genai } from './genai.ts'
import { openai } from './openai.ts'
import { opencode } from './opencode.ts'

/** The clients that `connect` knows, in the order of its list. */
export const clients: readonly Client[] = [
  claude,
  codex,
  gemini,
  opencode,
  aider,
  openai,
  anthropic,
  genai,
  curl,
]
