import type { Protocol } from '../core/protocol.ts'
import type { ProtocolName } from '../core/protocol-name.ts'
import { anthropicMessages } from './anthropic-messages/index.ts'
import { gemini } from './gemini/index.ts'
import { openAiChat } from './openai-chat/index.ts'
import { openAiResponses } from './openai-responses/index.ts'

/** Every protocol that is spoken here. A new one is a folder and a line. */
const byName = {
  'openai-chat': openAiChat,
  'openai-responses': openAiResponses,
  'anthropic-messages': anthropicMessages,
  gemini,
} satisfies Record<ProtocolName, Protocol>

export const protocols: readonly Protocol[] = Object.values(byName)

export function protocolNamed(name: ProtocolName): Protocol {
  return byName[name]
}
