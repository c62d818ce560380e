export const protocolNames = ['openai-chat', 'openai-responses', 'anthropic-messages', 'gemini'] as const
export type ProtocolName = (typeof protocolNames)[number]
