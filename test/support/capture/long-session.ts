import {
  type CaptureDraft,
  type ExchangeDraft,
  edited,
  type LegDraft,
  lastOf,
  readingOf,
} from '../a-capture.ts'
import { callsTool, editDocuments, isAnswered, isStopped, textOf } from './answer-edits.ts'
import { editConversation, hasConversation } from './tool-turns.ts'

/** Some three thousand tokens that a provider caches. */
const longText = Array.from({ length: 300 }, (_, n) => `Line ${n} of the manual says what to do then.`).join(
  '\n',
)

/**
 * Two turns of one session behind what was recorded, long enough to be cached: a long question and the recorded answer,
 * and a minute later the same conversation with that answer and another question. Null where the recording does not
 * answer in words. `cached` and `written`: tokens of the input as the answers report them.
 */
export function longSession(
  clean: CaptureDraft,
  tokens: { first?: CacheTokens; second?: CacheTokens } = {},
): CaptureDraft | null {
  const recorded = lastOf(clean)
  if (!hasConversation(recorded) || recorded.ctp?.json.n > 1) return null
  const { answer } = readingOf(recorded, recorded.btp)
  if (
    !answer ||
    !isAnswered(clean, (said) => isStopped(said) && textOf(said).trim() !== '' && !callsTool(said))
  )
    return null
  const words = textOf({ ...answer, choices: answer.choices.slice(0, 1) })
  return edited(clean, (x, capture) => {
    x.bothRequests((leg) => editConversation(x, leg, (turns) => turns.push(longTurn(x))))
    x.bothAnswers((leg) => reportInput(x, leg, { cached: 0, written: 3000, ...tokens.first }))
    x.session = 's_long'
    const second = x.clone()
    second.id = `${x.id}b`
    second.turn = (x.turn ?? 0) + 1
    second.openedMs = x.openedMs + x.lastMs() + 60_000
    second.bothRequests((leg) =>
      editConversation(second, leg, (turns) => turns.push(modelTurn(second, words), userTurn(second))),
    )
    second.bothAnswers((leg) => reportInput(second, leg, { cached: 3000, written: 40, ...tokens.second }))
    capture.exchanges.push(second)
  })
}

export interface CacheTokens {
  cached?: number
  written?: number
}

/** What an answer reports of its input: 3100 tokens, so many of them from the cache or into it. */
function reportInput(x: ExchangeDraft, leg: LegDraft, { cached = 0, written = 0 }: CacheTokens): LegDraft {
  return editDocuments(leg, (json) => {
    for (const holder of [json, json.response, json.message]) {
      const usage = holder?.usage ?? holder?.usageMetadata
      if (usage) Object.assign(usage, inputTokens(x, usage, cached, written))
    }
  })
}

function inputTokens(
  { protocol }: ExchangeDraft,
  usage: Record<string, number>,
  cached: number,
  written: number,
) {
  const input = 3100
  switch (protocol) {
    case 'anthropic-messages':
      return { input_tokens: 60, cache_read_input_tokens: cached, cache_creation_input_tokens: written }
    case 'gemini': {
      const rest = (usage.totalTokenCount ?? 0) - (usage.promptTokenCount ?? 0)
      return { promptTokenCount: input, cachedContentTokenCount: cached, totalTokenCount: input + rest }
    }
    case 'openai-responses':
      return {
        ...{ input_tokens: input, total_tokens: input + (usage.output_tokens ?? 0) },
        input_tokens_details: { cached_tokens: cached },
      }
    default:
      return {
        ...{ prompt_tokens: input, total_tokens: input + (usage.completion_tokens ?? 0) },
        prompt_tokens_details: { cached_tokens: cached },
      }
  }
}

function longTurn({ protocol }: ExchangeDraft): object {
  if (protocol === 'gemini') return { role: 'user', parts: [{ text: longText }] }
  if (protocol !== 'anthropic-messages') return { role: 'user', content: longText }
  return { role: 'user', content: [{ type: 'text', text: longText, cache_control: { type: 'ephemeral' } }] }
}

function modelTurn({ protocol }: ExchangeDraft, text: string): object {
  if (protocol === 'gemini') return { role: 'model', parts: [{ text }] }
  if (protocol === 'openai-responses') {
    return { type: 'message', role: 'assistant', content: [{ type: 'output_text', text, annotations: [] }] }
  }
  return { role: 'assistant', content: text }
}

function userTurn({ protocol }: ExchangeDraft): object {
  const text = 'And the second line?'
  return protocol === 'gemini' ? { role: 'user', parts: [{ text }] } : { role: 'user', content: text }
}

/** A text in the place where instructions stand, before the conversation. */
export function setInstructions(x: ExchangeDraft, leg: LegDraft, text: string): LegDraft {
  return editConversation(x, leg, (turns, json) => {
    if (x.protocol === 'openai-chat') turns.unshift({ role: 'system', content: text })
    else if (x.protocol === 'openai-responses') json.instructions = text
    else if (x.protocol === 'anthropic-messages') json.system = text
    else json.systemInstruction = { parts: [{ text }] }
  })
}

/** Tools as a protocol's request offers them, by their names. */
export function setTools(x: ExchangeDraft, leg: LegDraft, names: readonly string[]): LegDraft {
  const schema = { type: 'object', properties: { path: { type: 'string' } } }
  return leg.editJson((json) => {
    const one = (name: string) => {
      if (x.protocol === 'openai-chat') return { type: 'function', function: { name, parameters: schema } }
      if (x.protocol === 'openai-responses') return { type: 'function', name, parameters: schema }
      return x.protocol === 'gemini' ? { name, parameters: schema } : { name, input_schema: schema }
    }
    json.tools = x.protocol === 'gemini' ? [{ functionDeclarations: names.map(one) }] : names.map(one)
    for (const key of ['tool_choice', 'toolConfig', 'tool_config', 'functions']) delete json[key]
  })
}
