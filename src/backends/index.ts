import type { Preset } from '../core/backend.ts'
import { anthropic } from './presets/anthropic.ts'
import { azure } from './presets/azure.ts'
import { chatgpt } from './presets/chatgpt.ts'
import { deepseek } from './presets/deepseek.ts'
import { demo } from './presets/demo.ts'
import { fireworks } from './presets/fireworks.ts'
import { gemini } from './presets/gemini.ts'
import { groq } from './presets/groq.ts'
import { llamacpp } from './presets/llamacpp.ts'
import { lmstudio } from './presets/lmstudio.ts'
import { mistral } from './presets/mistral.ts'
import { nvidia } from './presets/nvidia.ts'
import { ollama } from './presets/ollama.ts'
import { openai } from './presets/openai.ts'
import { openrouter } from './presets/openrouter.ts'
import { together } from './presets/together.ts'
import { vllm } from './presets/vllm.ts'
import { xai } from './presets/xai.ts'

/** Every kind of provider we know, in the order in which backends without a file are listed. */
export const presets: readonly Preset[] = [
  openai,
  anthropic,
  gemini,
  openrouter,
  azure,
  chatgpt,
  groq,
  mistral,
  deepseek,
  xai,
  together,
  fireworks,
  nvidia,
  ollama,
  lmstudio,
  llamacpp,
  vllm,
  demo,
]

export function presetOfType(type: string): Preset | undefined {
  return presets.find((preset) => preset.type === type)
}

/** The hosts (`api.openai.com`, with the port where it is not the scheme's own) that presets have as default. */
export function presetHosts(): string[] {
  const hosts = presets.flatMap((preset) => (preset.apiUrl === null ? [] : [new URL(preset.apiUrl).host]))
  return [...new Set(hosts)]
}
