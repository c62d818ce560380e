import type { Call, Message, Tool } from '../core/call.ts'
import { mediaTokens } from './media-tokens.ts'

/** What a provider would count of a call: texts for the tokenizer, and an estimate for what is no text. */
export interface CallContent {
  texts: readonly string[]
  /** For the frames of messages and for media. */
  fixedTokens: number
  /** Parts that `fixedTokens` has by rule of thumb, or not at all: with any, the count is approximate. */
  estimatedParts: number
}

/** OpenAI cookbook, "How to count tokens with tiktoken": 3 tokens frame each message, 3 begin the answer. */
const tokensPerMessage = 3
const tokensOfAnswersBegin = 3

type Part = Message['parts'][number]
type ToolResult = Extract<Part, { type: 'tool_result' }>
type PlainPart = Exclude<Part, ToolResult>

/** The system prompt and all messages, the tools that are offered, the schema that the answer must have. */
export function callContent({ messages, tools, output }: Call): CallContent {
  const parts = messages.flatMap((message): readonly Part[] => message.parts).flatMap(plainParts)
  const contents = parts.map(partContent)
  const estimates = contents.filter((content) => typeof content === 'number')
  const texts = contents.flatMap((content) => (typeof content === 'number' ? [] : content))
  texts.push(...tools.map(toolText))
  if (output?.type === 'json_schema') texts.push(JSON.stringify(output.schema))
  const frames = tokensPerMessage * messages.length + tokensOfAnswersBegin
  return {
    texts: texts.filter((text) => text !== ''),
    fixedTokens: estimates.reduce((sum, tokens) => sum + tokens, frames),
    estimatedParts: estimates.length,
  }
}

/** How many of the texts, the last ones, are the tools that are offered and the answer's schema. */
export function offeredTexts({ tools, output }: Pick<Call, 'tools' | 'output'>): number {
  return tools.length + (output?.type === 'json_schema' ? 1 : 0)
}

function plainParts(part: Part): readonly PlainPart[] {
  return part.type === 'tool_result' ? part.content : [part]
}

/** A part's texts, or an estimate of its tokens. */
function partContent(part: PlainPart): readonly string[] | number {
  switch (part.type) {
    case 'text':
    case 'reasoning':
    case 'refusal':
      return [part.text]
    case 'tool_call':
      return [part.name, part.arguments]
    case 'document':
      return part.source.kind === 'text' ? [part.source.text] : mediaTokens(part)
    case 'image':
    case 'audio':
    case 'media':
      return mediaTokens(part)
    case 'video':
    case 'special':
      return 0
  }
}

function toolText(tool: Tool): string {
  if (tool.type === 'server') return JSON.stringify(tool.raw)
  const { name, description } = tool
  if (tool.type === 'custom') return JSON.stringify({ name, description, format: tool.format })
  return JSON.stringify({ name, description, parameters: tool.parameters })
}
