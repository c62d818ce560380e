import type { Call, Message } from '../core/call.ts'
import type { LossName } from '../core/losses.ts'
import { offeredTexts } from './call-content.ts'

/** What of a request a provider's count can be held against. */
export interface PromptView {
  /** Of what every provider counts alike: without tools, which each writes anew, and thoughts, which some leave out. */
  sureTokens: number
  /** At most so many of the provider's own tokens stand around what was counted. */
  frameTokens: number
  /** Bytes beyond one for each UTF-16 unit, by unit: 0 in English and in code, near 2 in Chinese. */
  foreignShare: number
  wantsThoughts: boolean
}

/** Parameters and content by which a provider reads, or bills, what is not in the request. */
const hiding = new Set<LossName>([
  ...(['stored_state', 'prediction', 'audio_output', 'image_output', 'file_id', 'other_content'] as const),
  ...(['citations', 'server_tool_history', 'background'] as const),
])
const hidingParameters =
  /^(context_management|container|mcp_servers|plugins|documents|transforms|search_parameters|tools\.input_examples)$/

/** Null where the provider may read more, or less, than is there. */
export function promptView(
  call: Call,
  counted: { texts: readonly string[]; textTokens: readonly number[]; count: (text: string) => number },
): PromptView | null {
  if (hidesSomething(call)) return null
  const { texts, textTokens, count } = counted
  const spoken = textTokens.slice(0, textTokens.length - offeredTexts(call))
  const thoughts = thoughtsOf(call.messages).reduce((sum, text) => sum + count(text), 0)
  return {
    sureTokens: Math.max(0, spoken.reduce((sum, tokens) => sum + tokens, 0) - thoughts),
    frameTokens: frameTokens(call),
    foreignShare: foreignShare(texts),
    wantsThoughts:
      call.reasoning !== null && call.reasoning.effort !== 'none' && call.reasoning.budgetTokens !== 0,
  }
}

function hidesSomething({ special, previousResponseId, tools, messages }: Call): boolean {
  return (
    previousResponseId !== null ||
    special.some(({ loss, param }) => hiding.has(loss) || hidingParameters.test(param)) ||
    tools.some(({ type }) => type === 'server') ||
    messages.some(({ parts }) => parts.some((part) => part.type === 'special'))
  )
}

/** Also where the model's own template takes them out of earlier answers. */
function thoughtsOf(messages: readonly Message[]): string[] {
  return messages.flatMap((message) =>
    message.role === 'assistant'
      ? message.parts.flatMap((part) =>
          part.type === 'reasoning' || (part.type === 'text' && part.text.includes('<think>'))
            ? [part.text]
            : [],
        )
      : [],
  )
}

/**
 * The most that recorded answers of honest providers counted beyond the texts: 131 tokens for a prompt without tools
 * (gpt-oss with its default system message), 701 with two tools (Llama 4; Claude 656), 3 for a message beyond our 3, 65
 * for a call with its result (Claude).
 */
function frameTokens({ messages, tools, output }: Call): number {
  const calls = messages.flatMap(({ parts }) => parts.filter(({ type }) => type === 'tool_call')).length
  const ofTools = tools.length > 0 || output !== null ? 600 + 30 * tools.length : 0
  return 150 + 3 * messages.length + 65 * calls + ofTools
}

function foreignShare(texts: readonly string[]): number {
  const units = texts.reduce((sum, text) => sum + text.length, 0)
  const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0)
  return units === 0 ? 0 : (bytes - units) / units
}
