import { anthropicMessages } from './anthropic-messages.ts'
import { gemini } from './gemini.ts'
import { openaiChat } from './openai-chat.ts'
import { openaiResponses } from './openai-responses.ts'
import type { Surface } from './surface.ts'

export const surfaces: readonly Surface[] = [openaiChat, openaiResponses, anthropicMessages, gemini]
